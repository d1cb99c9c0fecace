/** Hosts that a provider's library calls when nothing else is said. A module's name, or its beginning up to a `/`, `.` or `-`. */
const hosts: [RegExp, string, string?][] = [
  [
    /^(openai|@ai-sdk\/openai|langchain_openai|@langchain\/openai|github\.com\/(sashabaranov\/go-openai|openai\/openai-go))/,
    'api.openai.com:443',
    'OPENAI_API_KEY',
  ],
  [
    /^(anthropic|@anthropic-ai\/sdk|@ai-sdk\/anthropic|langchain_anthropic|@langchain\/anthropic|github\.com\/(anthropics\/anthropic-sdk-go|liushuangls\/go-anthropic))/,
    'api.anthropic.com:443',
    'ANTHROPIC_API_KEY',
  ],
  [
    /^(google\.generativeai|google\.genai|@google\/(generative-ai|genai)|google\.golang\.org\/genai|github\.com\/google\/generative-ai-go)/,
    'generativelanguage.googleapis.com:443',
    'GEMINI_API_KEY',
  ],
  [/^(mistralai|@mistralai\/mistralai)/, 'api.mistral.ai:443', 'MISTRAL_API_KEY'],
  [/^(cohere|cohere-ai|github\.com\/cohere-ai\/cohere-go)/, 'api.cohere.com:443', 'CO_API_KEY'],
  [/^(groq|groq-sdk)/, 'api.groq.com:443', 'GROQ_API_KEY'],
  [/^(xai_sdk|@ai-sdk\/xai)/, 'api.x.ai:443', 'XAI_API_KEY'],
  [/^(together|together-ai)/, 'api.together.xyz:443', 'TOGETHER_API_KEY'],
  [/^replicate/, 'api.replicate.com:443', 'REPLICATE_API_TOKEN'],
  [/^(voyageai)/, 'api.voyageai.com:443', 'VOYAGE_API_KEY'],
  [/^(deepgram|@deepgram\/sdk)/, 'api.deepgram.com:443', 'DEEPGRAM_API_KEY'],
  [/^(elevenlabs)/, 'api.elevenlabs.io:443', 'ELEVENLABS_API_KEY'],
  [/^(pinecone|@pinecone-database\/pinecone)/, 'api.pinecone.io:443', 'PINECONE_API_KEY'],
  [/^(huggingface_hub|transformers|sentence_transformers)/, 'huggingface.co:443'],
];

/** Provider hosts by name, for URLs in the source. */
export const providerHost =
  /^(api\.(openai|anthropic|x|mistral|cohere|groq|together|replicate|deepseek|perplexity)\.\w+|generativelanguage\.googleapis\.com|openrouter\.ai|api-inference\.huggingface\.co|router\.huggingface\.co|[\w-]+\.openai\.azure\.com)$/;

export function hostOfModule(module: string): { host: string; key?: string } | undefined {
  const found = hosts.find(([pattern]) => {
    const length = pattern.exec(module)?.[0].length;
    return length !== undefined && (module.length === length || /[/.-]/.test(module[length] ?? ''));
  });
  return found && { host: found[1], ...(found[2] ? { key: found[2] } : {}) };
}

/** `host:port` of an absolute URL that is not this machine's and not an example. */
export function hostOfUrl(text: string): { host: string; local: boolean } | undefined {
  const match =
    /^(https?|grpcs?|wss?):\/\/(?:[^/@\s]*@)?(\[[^\]]+\]|[A-Za-z0-9.-]+)(?::(\d+))?(?=[/?#]|$)/.exec(text);
  if (!match) return undefined;
  const [, scheme = '', name = '', port] = match;
  if (/(^|\.)(example\.(com|org|net)|test|invalid|w3\.org|json-schema\.org|schema\.org)$/.test(name))
    return undefined;
  const isLocal = /^(localhost|127\.|0\.0\.0\.0|\[::1\]|host\.docker\.internal)/.test(name);
  return { host: `${name}:${port ?? (/s$/.test(scheme) ? 443 : 80)}`, local: isLocal };
}
