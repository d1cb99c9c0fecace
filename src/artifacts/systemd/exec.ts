import type { IniEntry } from '../ini.ts';
import { assignments, setting, type Unit } from './unit.ts';
import { type UnitWord, unitWords } from './words.ts';

interface ExecFault {
  readonly offset: number;
  readonly message: string;
}

const EXEC = 'ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPost'.split(' ');
const OPERATOR = /^(?:\||\|\||&&|&|[12]?>>?|<|<<|2>&1|&>)$|^[12]?>{1,2}\/|^2>&1$|^\$\(/;
/** Servers that have no call of sd_notify(3), whatever they are told. */
const SILENT =
  /^(?:uvicorn|hypercorn|daphne|flask|streamlit|celery|ollama|npm|yarn|pnpm|http-server|rails|php|redis-cli)$/;

/** What is wrong with the commands of a service. */
export function faultsOfService(unit: Unit): readonly ExecFault[] {
  const commands = EXEC.flatMap(key => assignments(unit, 'Service', key));
  return [
    ...commands.flatMap(faultsOfCommand),
    ...silentStart(unit),
    ...(unit.dropIn || unit.type !== 'service' ? [] : numberOfStarts(unit)),
  ];
}

/** `-`, `@`, `:`, `+`, `!` and `|` say how it is run. */
const commandOf = ({ value }: IniEntry): readonly UnitWord[] => {
  const prefix = /^[-@:+!|]*/.exec(value)?.[0].length ?? 0;
  return unitWords(value.slice(prefix)).map(({ text, offset }) => ({ text, offset: offset + prefix }));
};

function faultsOfCommand(entry: IniEntry): ExecFault[] {
  const words = commandOf(entry);
  const program = words[0]?.text ?? '';
  if (program === '' || /[<>{}]|^%|@/.test(program)) return [];
  const at = (word: UnitWord): number => entry.valueStart + word.offset;
  if (!program.startsWith('/') && (program.includes('/') || program.startsWith('$')))
    return [
      {
        offset: entry.valueStart,
        message: `${entry.key}=${program}: neither an absolute path nor a bare name, so nothing is started`,
      },
    ];
  if (/(?:^|\/)(?:ba|da|k|z|a)?sh$/.test(program) || /^[-@:+!]*\|/.test(entry.value)) return [];
  const operator = words.slice(1).find(word => OPERATOR.test(word.text) && isBare(entry, word));
  return operator
    ? [
        {
          offset: at(operator),
          message: `${operator.text} is an argument of ${program}: no shell stands between`,
        },
      ]
    : [];
}

/** Written without quotes, so that a shell would have taken it. */
const isBare = ({ value }: IniEntry, { text, offset }: UnitWord): boolean => value.startsWith(text, offset);

function silentStart(unit: Unit): ExecFault[] {
  const type = setting(unit, 'Service', 'Type');
  const start = setting(unit, 'Service', 'ExecStart');
  if (!type || !start || !/^notify(?:-reload)?$/.test(type.value)) return [];
  const words = commandOf(start).map(({ text }) => text);
  const module = /(?:^|\/)python[\d.]*$/.test(words[0] ?? '') && words[1] === '-m' ? words[2] : undefined;
  const program = module ?? words[0]?.split('/').at(-1) ?? '';
  return SILENT.test(program) || module === 'http.server'
    ? [{ offset: type.valueStart, message: `Type=${type.value}, but ${program} never says that it is ready` }]
    : [];
}

function numberOfStarts(unit: Unit): ExecFault[] {
  const starts = assignments(unit, 'Service', 'ExecStart');
  const type = setting(unit, 'Service', 'Type')?.value ?? 'simple';
  const second = starts[1];
  if (second && type !== 'oneshot')
    return [{ offset: second.start, message: `a second ExecStart=, which only Type=oneshot may have` }];
  return [];
}
