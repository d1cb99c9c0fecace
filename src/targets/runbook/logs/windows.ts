import { isBuilt, type Model, servicesOf } from '../../../model/model.ts';
import { windowsFolder } from '../../../model/windows.ts';
import { powershellText } from '../../../render/escape/powershell.ts';
import { CALLS, CRASHES, FAILED, FAILED_WORDS, type Fields, type Question, slowFrom } from './query.ts';

/** Lines for cmd, which call PowerShell: within quotation marks nothing but % means anything to cmd. */
export function windowsQueries(
  model: Model,
  questions: readonly Question[],
  fields: Fields | undefined,
  seconds: number,
): string[] {
  if (!model.targets.windows) return [];
  const carried = servicesOf(model, 'windows').filter(service => isBuilt(service) && service.kind !== 'job');
  const filters = filtersOf(fields, seconds);
  return carried.flatMap(({ unit }) => {
    const file = powershellText(`${windowsFolder(model)}\\logs\\${unit}.log`);
    return questions.flatMap(question =>
      filters[question] === undefined
        ? []
        : [
            `powershell -NoProfile -Command "Get-Content -Tail 20000 -LiteralPath ${file} | ${filters[question]}"`,
          ],
    );
  });
}

const matching = (pattern: string, more = ''): string => `Select-String${more} -Pattern '${pattern}'`;

function filtersOf(fields: Fields | undefined, seconds: number): Partial<Readonly<Record<Question, string>>> {
  const words = {
    request: "Select-String -SimpleMatch -Pattern '<its id>'",
    calls: matching(CALLS),
    crashes: matching(`^(${CRASHES})`, ' -CaseSensitive -Context 0,30'),
  };
  if (!fields) return { ...words, errors: matching(`\\b(${FAILED_WORDS})\\b`) };
  const { level, status, duration } = fields;
  const limit = slowFrom(fields, seconds);
  const failed = `$_.${level} -match '${FAILED}'`;
  return {
    ...words,
    errors: chosen(status ? `${failed} -or [int]$_.${status} -ge 500` : failed),
    ...(status && { answered: chosen(`[int]$_.${status} -ge 200 -and [int]$_.${status} -lt 400`) }),
    ...(duration && limit !== undefined && { slow: chosen(`[double]$_.${duration} -ge ${limit}`) }),
  };
}

/** What is no JSON is left out. */
const chosen = (condition: string): string =>
  `ForEach-Object { try { ConvertFrom-Json $_ } catch { } } | Where-Object { ${condition} }`;
