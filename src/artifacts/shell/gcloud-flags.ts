/**
 * The flags of Cloud Run's commands, without their dashes, as of gcloud 528 and the reference of November 2026:
 * https://cloud.google.com/sdk/gcloud/reference/run
 */
const words = (text: string): readonly string[] => text.split(/\s+/).filter(word => word !== '');

const UPDATE = words(`
  add-cloudsql-instances add-custom-audiences add-volume add-volume-mount args async binary-authorization breakglass
  clear-binary-authorization clear-cloudsql-instances clear-custom-audiences clear-encryption-key-shutdown-hours
  clear-env-vars clear-key clear-labels clear-network clear-network-tags clear-post-key-revocation-action-type
  clear-secrets clear-volume-mounts clear-volumes clear-vpc-connector command concurrency container cpu cpu-boost
  cpu-throttling default-url depends-on deploy-health-check encryption-key-shutdown-hours env-vars-file
  execution-environment gpu gpu-type gpu-zonal-redundancy image ingress invoker-iam-check key labels liveness-probe max
  max-instances memory min min-instances namespace network network-tags no-traffic port
  post-key-revocation-action-type readiness-probe region regions remove-cloudsql-instances remove-containers
  remove-custom-audiences remove-env-vars remove-labels remove-secrets remove-volume remove-volume-mount
  revision-suffix scaling service-account session-affinity set-cloudsql-instances set-custom-audiences set-env-vars
  set-secrets startup-probe subnet tag timeout update-env-vars update-labels update-secrets use-http2 vpc-connector
  vpc-egress`);

const DEPLOY = [
  ...UPDATE,
  ...words(`allow-unauthenticated allow-unencrypted-build automatic-updates base-image build-env-vars-file
    build-service-account build-worker-pool clear-base-image clear-build-env-vars clear-build-service-account
    clear-build-worker-pool description function remove-build-env-vars set-build-env-vars source update-build-env-vars`),
];

const POLICY = words('condition condition-from-file member region role');

export const FLAGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['run deploy', DEPLOY],
  ['run services add-iam-policy-binding', POLICY],
  ['run services delete', words('async namespace region')],
  ['run services describe', words('namespace region')],
  ['run services list', words('filter limit page-size region sort-by uri')],
  ['run services remove-iam-policy-binding', ['all', ...POLICY]],
  ['run services replace', words('async dry-run region')],
  ['run services update', UPDATE],
  [
    'run services update-traffic',
    words(
      'async clear-tags namespace region remove-tags set-tags to-latest to-revisions to-tags update-tags',
    ),
  ],
]);

/** Flags of every command; those of other platforms of Cloud Run are taken and not listed. */
export const GLOBAL: ReadonlySet<string> = new Set(
  words(`access-token-file account billing-project cluster cluster-location configuration context flags-file flatten
    format help impersonate-service-account kubeconfig log-http platform project quiet trace-token user-output-enabled
    verbosity version`),
);

/** Those that take no value. */
export const SWITCHES: ReadonlySet<string> = new Set(
  words(`all allow-unauthenticated allow-unencrypted-build async automatic-updates cpu-boost cpu-throttling default-url
    deploy-health-check dry-run enable-autoscaling gpu-zonal-redundancy help invoker-iam-check log-http no-traffic quiet
    session-affinity to-latest uri use-http2 user-output-enabled version`),
);

/** Groups and commands that only exist as beta or alpha: https://cloud.google.com/sdk/gcloud/reference/beta/run */
export const BETA_ONLY: readonly string[] = [
  'run compose',
  'run jobs logs tail',
  'run multi-region-services',
  'run revisions logs',
  'run services logs tail',
  'run worker-pools',
];
