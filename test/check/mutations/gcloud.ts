import type { Mutation } from './mutation.ts';

export const GCLOUD: readonly Mutation[] = [
  {
    rule: 'gcloud/regional-nodes',
    file: 'deploy/cloudrun/setup.sh',
    from: 'made chatbot-file-1\n',
    to: 'gcloud container clusters create ai --region=us-central1 --num-nodes=3\nmade chatbot-file-1\n',
  },
];
