import type { Mutation } from './mutation.ts';

export const GITHUB: readonly Mutation[] = [
  {
    rule: 'github/injection',
    file: '.github/workflows/ci.yml',
    from: 'run: npx --yes "$AIDEPLOY_PACKAGE" check',
    to: 'run: echo "${{ github.event.pull_request.title }}"',
  },
  {
    rule: 'github/invalid',
    file: '.github/workflows/deploy-k8s.yml',
    from: 'needs: ci',
    to: 'needs: checks',
    also: ['github/ungated-deploy'],
  },
  {
    rule: 'github/invalid',
    file: '.github/workflows/deploy-k8s.yml',
    from: 'TAG: ${{ needs.images.outputs.tag }}',
    to: 'TAG: ${{ needs.image.outputs.tag }}',
  },
  {
    rule: 'github/permissions',
    file: '.github/workflows/ci.yml',
    from: 'permissions: {}',
    to: 'permissions: write-all',
  },
  {
    rule: 'github/permissions',
    file: '.github/workflows/deploy-k8s.yml',
    from: 'permissions: {}',
    to: 'permissions: write-all',
  },
  {
    rule: 'github/ungated-deploy',
    file: '.github/workflows/deploy-k8s.yml',
    from: '    environment:\n      name: production\n      url: https://chat.example.com\n',
    to: '',
    at: { line: '  deploy-production:' },
  },
  {
    rule: 'github/ungated-deploy',
    file: '.github/workflows/deploy-k8s.yml',
    from: '    needs: ci\n',
    to: '',
    at: { line: '  deploy-staging:' },
  },
  {
    rule: 'github/unpinned-action',
    file: '.github/workflows/ci.yml',
    from: /golangci-lint-action@[0-9a-f]{40} # v[\d.]+/,
    to: 'golangci-lint-action@v9',
  },
  {
    rule: 'github/unpinned-action',
    file: '.github/workflows/release.yml',
    from: /cosign-installer@[0-9a-f]{40} # v[\d.]+/,
    to: 'cosign-installer@main',
  },
];
