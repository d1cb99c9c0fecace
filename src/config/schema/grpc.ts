import * as z from 'zod';
import { line, port } from './scalars.ts';
import { section } from './section.ts';
import { mountPath } from './storage.ts';

export const grpc = section({
  port: port(),
  tls: z.boolean().default(false),
  certificates: mountPath()
    .optional()
    .describe(
      'With tls: the folder where the program finds tls.crt and tls.key. Kubernetes mounts the Secret <unit>-tls there, Compose the same folder of the machine.',
    ),
  service: line()
    .regex(/^[A-Za-z_][\w.]*$/, { error: 'a full service name such as mcp.MCPService' })
    .optional(),
});
