import type { BuiltService, Model } from '../../model/model.ts';
import { imageView } from './view.ts';

export function goView(model: Model, service: BuiltService): object {
  const { source } = service;
  const first = { name: source.program, package: source.main };
  const others = source.binaries.map(({ program, main }) => ({ name: program, package: main }));
  const notes = others.map(({ name }) => `Also in this image: /${name}, run with --entrypoint /${name}.`);
  return {
    ...imageView(model, service, { program: [`/${first.name}`], stamp: false, notes }),
    programs: [first, ...others],
    // GOARM means something to 32-bit Arm alone.
    arm: model.image.platforms.some(platform => platform.startsWith('linux/arm/')),
  };
}
