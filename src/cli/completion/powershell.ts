import type { OptionWords, Values, Vocabulary } from './vocabulary.ts';

/** For PowerShell 5.1 and later. Where it offers nothing PowerShell offers file names itself. */
export function powershellScript({ options, commands }: Vocabulary): string {
  return `# PowerShell completion for aideploy; in $PROFILE: aideploy completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'aideploy' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $options = @(
${rows(options)}
    )
    $commands = @(
${commands.map(({ name, summary }) => `        , @(${quote(name)}, ${quote(summary)})`).join('\n')}
    )

    # Which values an option takes, if any: words, the names in a section of aideploy.yaml, or others.
    function Get-OptionValue($command, $option) {
        switch -CaseSensitive ("$command $option") {
${commands.flatMap(({ name, options: own }) => valueCases(`${name} `, own)).join('\n')}
        }
        switch -CaseSensitive ($option) {
${valueCases('', options).join('\n')}
        }
    }

    $program = $commandAst.CommandElements[0].ToString().Trim('"', "'")
    $command = ''
    $option = ''
    $position = 0
    $where = @()
    foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        $word = $element.ToString()
        if ($option) {
            if (@('-C', '--cwd', '-f', '--file') -ccontains $option) { $where += $option, $word.Trim('"', "'") }
            $option = ''
        } elseif ($word.StartsWith('-')) {
            if (Get-OptionValue $command $word) { $option = $word }
        } elseif (-not $command) {
            $command = $word
        } else {
            $position++
        }
    }

    $before = ''
    $typed = $wordToComplete
    if (-not $option -and $wordToComplete -cmatch '^(--[a-z-]+)=(.*)$') {
        $option = $Matches[1]
        $before = "$option="
        $typed = $Matches[2]
    }

    $offers = @()
    if ($option) {
        $value = Get-OptionValue $command $option
        if ($value.Kind -eq 'words') {
            $offers = @($value.Words | ForEach-Object { , @($_, $_) })
        } elseif ($value.Kind -eq 'names') {
            $offers = @(& $program completion --names $value.Words @where 2>$null | ForEach-Object { , @($_, $_) })
        }
    } elseif ($wordToComplete.StartsWith('-')) {
        switch -CaseSensitive ($command) {
${commands
  .filter(({ options: own }) => own.length > 0)
  .map(
    ({ name, options: own }) =>
      `            ${quote(name)} {\n                $offers += @(\n${rows(own, options)}\n                )\n            }`,
  )
  .join('\n')}
        }
        $offers += $options
    } elseif (-not $command) {
        $offers = $commands
    } else {
        switch -CaseSensitive ($command) {
${commands
  .flatMap(({ name, arguments: all }) =>
    all.flatMap(({ values, variadic }, position) =>
      values.kind === 'words'
        ? [
            `            ${quote(name)} { if (${variadic ? '$true' : `$position -eq ${position}`}) { $offers = @(${values.words.map(word => `, @(${quote(word)}, ${quote(word)})`).join('; ')}) } }`,
          ]
        : [],
    ),
  )
  .join('\n')}
        }
    }

    foreach ($offer in $offers) {
        if ($offer[0].StartsWith($typed, [System.StringComparison]::Ordinal)) {
            $text = $before + $offer[0]
            [System.Management.Automation.CompletionResult]::new($text, $offer[0], 'ParameterValue', $offer[1])
        }
    }
}
`;
}

function rows(options: readonly OptionWords[], without: readonly OptionWords[] = []): string {
  const known = new Set(without.flatMap(({ flags }) => flags));
  return options
    .flatMap(({ flags, summary }) =>
      flags.filter(flag => !known.has(flag)).map(flag => `        , @(${quote(flag)}, ${quote(summary)})`),
    )
    .join('\n');
}

const valueCases = (prefix: string, options: readonly OptionWords[]): string[] =>
  options.flatMap(({ flags, values }) =>
    values ? flags.map(flag => `            ${quote(prefix + flag)} { return ${record(values)} }`) : [],
  );

function record(values: Values): string {
  const words =
    values.kind === 'words'
      ? values.words.map(quote).join(', ')
      : values.kind === 'names'
        ? quote(values.of)
        : '';
  return `@{ Kind = ${quote(values.kind)}; Words = @(${words}) }`;
}

const quote = (text: string) => `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
