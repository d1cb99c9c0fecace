#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) import('../dist/main.js').then(program => program.main());
else {
  process.stderr.write(`aideploy: Node 20.19 or later is needed; this is ${process.version}\n`);
  process.exitCode = 3;
}
