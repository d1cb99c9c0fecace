import type { Artifact } from '../artifacts/artifact.ts';
import type { ProjectModel } from '../model/model.ts';
import type { Engine } from '../render/engine.ts';

/** What turns the model into files. A target reads the model and nothing else. */
export interface Target {
  readonly id: string;
  /** One line for `--help` and the documentation. */
  readonly title: string;
  /** Whether a `render` without names writes this target for this model. */
  applies(model: ProjectModel): boolean;
  /** What a person who renders it should know: where the platform does otherwise than the configuration asks. */
  notes?(model: ProjectModel): readonly string[];
  render(model: ProjectModel, engine: Engine): Artifact[];
  /** Its files belong to several environments, and it applies the patches of each to its own. */
  readonly patchesItself?: true;
}
