import { isBuilt, type Model, servicesOf } from '../../model/model.ts';
import { windowsFolder } from '../../model/windows.ts';
import { powershellText } from '../../render/escape/powershell.ts';

/** Lines for cmd: a unit's name holds nothing that means anything to it, and a folder no quotation mark. */
export function windowsView(model: Model, as: 'nssm' | 'task'): object {
  const folder = windowsFolder(model);
  const carried = servicesOf(model, 'windows').filter(service => isBuilt(service) && service.kind !== 'job');
  return {
    status: carried.flatMap(({ unit, port, health }) => [
      as === 'task' ? `schtasks /query /v /fo list /tn ${unit}` : `sc query ${unit}`,
      ...(port === undefined ? [] : [`netstat -ano | findstr :${port}`]),
      ...(port === undefined || health === undefined
        ? []
        : [
            `curl.exe --fail --silent --show-error --max-time 5 "http://127.0.0.1:${port}${health.ready.path}"`,
          ]),
      `powershell -NoProfile -Command "Get-Content -Tail 200 -LiteralPath ${powershellText(`${folder}\\logs\\${unit}.log`)}"`,
    ]),
    settings: carried
      .filter(({ secrets }) => secrets.length > 0)
      .map(({ unit }) => `notepad "${folder}\\config\\${unit}.env"`),
  };
}
