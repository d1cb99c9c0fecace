import type { CommandWords, OptionWords, Values, Vocabulary } from './vocabulary.ts';

/** Sourced, or put as `_aideploy` into a folder of $fpath. */
export function zshScript({ options, commands }: Vocabulary): string {
  return `#compdef aideploy
# zsh completion for aideploy; in ~/.zshrc, after compinit: source <(aideploy completion zsh)

# _arguments puts options for compadd before the argument.
_aideploy_names() {
  local -a names
  names=(\${(f)"$("\${aideploy_program}" completion --names $@[-1] "\${aideploy_where[@]}" 2>/dev/null </dev/null)"})
  compadd "\${@[1,-2]}" -a names
}

_aideploy_commands() {
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  _describe -t commands command commands
}

_aideploy() {
  local curcontext="$curcontext" state state_descr line expl aideploy_program=$words[1]
  local -A opt_args
  local -a aideploy_where
  local i
  for ((i = 2; i < CURRENT - 1; i++)); do
    case $words[i] in
      -C | --cwd) aideploy_where+=(-C "\${(Q)~words[i + 1]}") ;;
      -f | --file) aideploy_where+=(-f "\${(Q)words[i + 1]}") ;;
    esac
  done
  local -a everywhere=(
${options.map(option => `    ${specs(option)}`).join('\n')}
  )
  _arguments -C : "\${everywhere[@]}" '1: :_aideploy_commands' '*:: :->rest' && return
  [[ $state == rest ]] || return 1
  case $words[1] in
${commands.map(command => commandCase(command, options)).join('\n')}
  esac
}

if [[ $funcstack[1] == _aideploy ]]; then
  _aideploy "$@"
else
  compdef _aideploy aideploy
fi
`;
}

function commandCase(
  { name, options, arguments: all }: CommandWords,
  everywhere: readonly OptionWords[],
): string {
  const own = new Set(options.flatMap(({ flags }) => flags));
  const shared = everywhere.filter(({ flags }) => !flags.some(flag => own.has(flag)));
  const lines = [
    ...[...options, ...shared].map(specs),
    ...all.map(({ values, variadic }, i) =>
      quote(`${variadic ? '*' : i + 1}:${placeholder(values)}:${action(values)}`),
    ),
  ];
  return `    ${name})\n      _arguments : \\\n${lines.map(line => `        ${line}`).join(' \\\n')}\n      ;;`;
}

/** One option for _arguments, which takes each spelling by itself: once, unless it is repeatable. */
function specs({ flags, summary, values, repeatable }: OptionWords): string {
  const others = repeatable ? '*' : `(${flags.join(' ')})`;
  return flags
    .map(flag => {
      const join = values === undefined ? '' : flag.startsWith('--') ? '=' : '+';
      const value = values === undefined ? '' : `:${placeholder(values)}:${action(values)}`;
      return quote(`${others}${flag}${join}[${summary.replaceAll(/[[\]\\:]/g, '\\$&')}]${value}`);
    })
    .join(' ');
}

const placeholder = (values: Values) => (values.kind === 'names' ? values.of : values.kind);

function action(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `(${values.words.join(' ')})`;
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'names':
      return `_aideploy_names ${values.of}`;
    case 'anything':
      return ' ';
  }
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
