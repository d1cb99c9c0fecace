import type { CommandWords, OptionWords, Values, Vocabulary } from './vocabulary.ts';

/** Works with the bash 3.2 of macOS, and without the package bash-completion. */
export function bashScript({ options, commands }: Vocabulary): string {
  return `# bash completion for aideploy; in ~/.bashrc: source <(aideploy completion bash)

__aideploy_words() {
  local word
  for word in "$@"; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
  done
}

__aideploy_names() {
  local word
  while IFS= read -r word; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
  done < <("\${COMP_WORDS[0]}" completion --names "$1" \${where[@]+"\${where[@]}"} 2>/dev/null </dev/null)
}

# readline completes and quotes file names itself, when it runs this.
__aideploy_files() {
  compopt -o "$2" 2>/dev/null && return
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$1" -- "$cur")
}

__aideploy_takes_value() {
  case "$1 $2" in
${[
  ...commands.flatMap(({ name, options: own }) => valuePatterns(name, without(own, options))),
  ...valuePatterns('*', options),
]
  .map(({ pattern }) => `    ${pattern}) return 0 ;;`)
  .join('\n')}
  esac
  return 1
}

__aideploy_value() {
  case "$1 $2" in
${[...commands.flatMap(({ name, options: own }) => valuePatterns(name, own)), ...valuePatterns('*', options)]
  .map(({ pattern, values }) => `    ${pattern}) ${offer(values)} ;;`)
  .join('\n')}
  esac
}

__aideploy_argument() {
  case "$1 $2" in
${commands.flatMap(argumentCases).join('\n')}
  esac
}

__aideploy_options() {
  __aideploy_words ${flagsOf(options)}
  case $1 in
${commands
  .filter(({ options: own }) => own.length > 0)
  .map(({ name, options: own }) => `    ${name}) __aideploy_words ${flagsOf(without(own, options))} ;;`)
  .join('\n')}
  esac
}

_aideploy() {
  local cur=\${COMP_WORDS[COMP_CWORD]} command='' option='' only_arguments='' position=0 index word
  local -a where=()
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ $option ]]; then
      # \`--format=json\` arrives as three words.
      [[ $word == = ]] && continue
      case $option in
        -C | --cwd) where+=(-C "\${word/#\\~/$HOME}") ;;
        -f | --file) where+=(-f "$word") ;;
      esac
      option=
    elif [[ -z $only_arguments && $word == -- ]]; then
      only_arguments=1
    elif [[ -z $only_arguments && $word == -* ]]; then
      __aideploy_takes_value "$command" "$word" && option=$word
    elif [[ -z $command ]]; then
      command=$word
    else
      position=$((position + 1))
    fi
  done
  [[ $option && $cur == = ]] && cur=
  if [[ $option ]]; then
    __aideploy_value "$command" "$option"
  elif [[ -z $only_arguments && $cur == -* ]]; then
    __aideploy_options "$command"
  elif [[ -z $command ]]; then
    __aideploy_words ${commands.map(({ name }) => name).join(' ')}
  else
    __aideploy_argument "$command" "$position"
  fi
}

complete -F _aideploy aideploy
`;
}

function valuePatterns(command: string, options: readonly OptionWords[]) {
  const pattern = (flag: string) => (command === '*' ? `*' ${flag}'` : `'${command} ${flag}'`);
  return options.flatMap(({ flags, values }) =>
    values ? [{ pattern: flags.map(pattern).join(' | '), values }] : [],
  );
}

function offer(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `__aideploy_words ${values.words.join(' ')}`;
    case 'files':
      return '__aideploy_files -f default';
    case 'folders':
      return '__aideploy_files -d dirnames';
    case 'names':
      return `__aideploy_names ${values.of}`;
    case 'anything':
      return ':';
  }
}

const argumentCases = ({ name, arguments: all }: CommandWords): string[] =>
  all.map(
    ({ values, variadic }, position) =>
      `    ${variadic ? `'${name} '*` : `'${name} ${position}'`}) ${offer(values)} ;;`,
  );

/** A command's own --format is the one for every command, with its own words. */
function without(own: readonly OptionWords[], shared: readonly OptionWords[]): readonly OptionWords[] {
  const known = new Set(shared.flatMap(({ flags }) => flags));
  return own.filter(({ flags }) => !flags.some(flag => known.has(flag)));
}

const flagsOf = (options: readonly OptionWords[]): string => options.flatMap(({ flags }) => flags).join(' ');
