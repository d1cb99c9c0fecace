import type { DetectedService } from '../detection.ts';
import { finding, offsetEvidence } from '../evidence.ts';
import type { Repository } from '../walk.ts';

/** The registration names a gRPC service; its package stands in the .proto file. */
export async function nameGrpcServices(services: DetectedService[], repository: Repository): Promise<void> {
  if (!services.some(({ grpc }) => grpc?.value.service)) return;
  for (const path of repository.paths.filter(each => each.endsWith('.proto'))) {
    const text = await repository.read(path);
    const name = /^\s*package\s+([\w.]+)\s*;/m.exec(text ?? '')?.[1];
    if (text === undefined || !name) continue;
    for (const match of text.matchAll(/^\s*service\s+(\w+)/gm)) {
      for (const { grpc } of services) {
        if (!grpc || grpc.value.service !== match[1]) continue;
        grpc.value.service = `${name}.${match[1]}`;
        grpc.evidence.push(
          ...finding(name, offsetEvidence({ path, text }, match.index + match[0].length)).evidence,
        );
      }
    }
  }
}
