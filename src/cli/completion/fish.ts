import type { OptionWords, Values, Vocabulary } from './vocabulary.ts';

/** Sourced, or put as aideploy.fish into ~/.config/fish/completions. */
export function fishScript({ options, commands }: Vocabulary): string {
  const valued = options.filter(({ values }) => values).flatMap(({ flags }) => flags);
  return `# fish completion for aideploy; in config.fish: aideploy completion fish | source

# Prints what stands before the word that is typed: -C and -f with their values, or the command and its arguments.
function __aideploy_before
    set -l words (commandline -opc)
    set -e words[1]
    set -l option
    for word in $words
        if test -n "$option"
            contains -- $argv[1] where; and contains -- $option -C --cwd -f --file; and printf '%s\\n' $option $word
            set option
        else if contains -- $word ${valued.join(' ')}
            set option $word
        else if not string match -q -- '-*' $word; and contains -- $argv[1] words
            echo $word
        end
    end
end

function __aideploy_in
    set -l words (__aideploy_before words)
    test (count $words) -gt 0; and contains -- $words[1] $argv
end

# At which of a command's arguments the cursor is.
function __aideploy_at
    set -l words (__aideploy_before words)
    test (count $words) -eq (math $argv[2] + 1); and test $words[1] = $argv[1]
end

function __aideploy_without_command
    test (count (__aideploy_before words)) -eq 0
end

function __aideploy_names
    set -l words (commandline -opc)
    set -l where (__aideploy_before where)
    eval (string escape -- $words[1]) completion --names $argv[1] (string escape -- $where) 2>/dev/null </dev/null
end

complete -c aideploy -f
${options.map(option => line([], option)).join('\n')}
${commands.map(({ name, summary }) => `complete -c aideploy -n __aideploy_without_command -a ${name} -d ${quote(summary)}`).join('\n')}
${commands
  .flatMap(({ name, options: own, arguments: all }) => [
    ...own.map(option => line(['-n', `'__aideploy_in ${name}'`], option)),
    ...all.map(({ values, variadic }, position) => {
      const condition = variadic ? `__aideploy_in ${name}` : `__aideploy_at ${name} ${position}`;
      return `complete -c aideploy -n '${condition}' ${argument(values)}`;
    }),
  ])
  .join('\n')}
`;
}

function line(condition: readonly string[], { flags, summary, values }: OptionWords): string {
  const names = flags.map(flag => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = values === undefined ? [] : ['-r', argument(values)];
  return ['complete -c aideploy', ...condition, ...names, ...value, '-d', quote(summary)].join(' ');
}

function argument(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-f -a ${quote(values.words.join(' '))}`;
    case 'files':
      return '-F';
    case 'folders':
      return "-f -a '(__fish_complete_directories)'";
    case 'names':
      return `-f -a '(__aideploy_names ${values.of})'`;
    case 'anything':
      return '-f';
  }
}

const quote = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
