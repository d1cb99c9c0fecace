import type { DetectedService, Note } from '../detection.ts';
import { healthProposal } from './proposals.ts';

/** What is still open when the sources and the existing files were read. */
export function gapNotes(service: DetectedService): Note[] {
  const { key, kind, port, grpc, health } = service;
  if (kind.value !== 'http') return [];
  const notes: Note[] = [];
  if (!port && !grpc) {
    notes.push({
      service: key,
      message: 'the port could not be read from the source',
      evidence: service.portEnv?.evidence ?? kind.evidence,
      propose: `Give it as services.${key}.port.`,
    });
  }
  if (!port && grpc) {
    notes.push({
      service: key,
      message: 'only a gRPC port was found; probes and metrics need one of HTTP',
      evidence: grpc.evidence,
      propose: `Serve health over HTTP on a port of its own, and give it as services.${key}.port.`,
    });
  }
  if (service.build.factory) {
    notes.push({
      service: key,
      message: `${service.build.main.value} is a function that makes the application, so it is served with --factory`,
      evidence: service.build.main.evidence,
    });
  }
  return health.missing ? [...notes, healthNote(service)] : notes;
}

function healthNote(service: DetectedService): Note {
  const { key, health, framework, language } = service;
  const meanwhile = health.live;
  const isProbed = meanwhile?.evidence.some(({ file }) => /\.ya?ml$/.test(file));
  const message = !meanwhile
    ? 'no health route was found, and no page without parameters that could stand in'
    : isProbed
      ? `no health route was found in the source; ${meanwhile.value}, which the manifest probes, is kept`
      : `no health route was found; ${meanwhile.value} is used meanwhile, which says that the program answers and not that it can serve`;
  const evidence = meanwhile && meanwhile.evidence.length > 0 ? meanwhile.evidence : service.kind.evidence;
  return { service: key, message, evidence, propose: healthProposal(framework?.value, language) };
}
