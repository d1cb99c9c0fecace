import type { Host, HostService, Instance } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { commandOf } from './command.ts';
import { environmentOf } from './environment.ts';

/** What instances have in common stands in the unit, the rest in the drop-in of each. */
export const common = (own: HostService, of: (instance: Instance) => readonly string[]): string[] => {
  const all = own.instances.map(of);
  return (all[0] ?? []).filter(line => all.every(lines => lines.includes(line)));
};

/** What an instance says for itself, where there are several. */
export function instanceView(model: Model, host: Host, own: HostService, instance: Instance): object {
  const known = (each: Instance) => environmentOf(model, own, each).known;
  const shared = common(own, known);
  const commands = own.instances.map(each => commandOf(model, host, own, each));
  const differ = new Set(commands.map(command => JSON.stringify(command))).size > 1;
  return {
    unit: own.service.unit,
    number: instance.number,
    environment: known(instance).filter(line => !shared.includes(line)),
    command: differ ? commands[instance.number - 1] : undefined,
  };
}
