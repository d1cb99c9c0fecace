/**
 * Manifests with one mistake each, and others that look like one. The API server and kubeconform are asked about the
 * same: test/platforms/kubernetes-refused.test.ts, test/judges/schemas.test.ts.
 */

const BASES = {
  deployment: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        app: web
    spec:
      terminationGracePeriodSeconds: 45
      containers:
        - name: web
          image: registry.example/web:1.4.2
          imagePullPolicy: IfNotPresent
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 5
          resources:
            requests:
              cpu: 250m
              memory: 256Mi
            limits:
              memory: 512Mi
          volumeMounts:
            - name: scratch
              mountPath: /tmp
      volumes:
        - name: scratch
          emptyDir: {}
`,
  cronjob: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
spec:
  schedule: "10 3 * * 1-5"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: backup
              image: registry.example/backup:1.0.0
`,
  service: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - name: http
      port: 80
      targetPort: http
`,
  ingress: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: nginx
  rules:
    - host: web.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  name: http
`,
  autoscaler: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  minReplicas: 2
  maxReplicas: 6
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
`,
  budget: `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: web
`,
  claim: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 10Gi
`,
  secret: `apiVersion: v1
kind: Secret
metadata:
  name: keys
type: kubernetes.io/ssh-auth
stringData:
  ssh-privatekey: some
  known_hosts: other
`,
  policy: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector: {}
      ports:
        - port: 8080
`,
  config: `apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  LOG_LEVEL: info
`,
  monitor: `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  endpoints:
    - port: http
      interval: 30s
`,
  route: `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
spec:
  parentRefs:
    - name: public
  hostnames: [web.example.com]
  rules:
    - backendRefs:
        - name: web
          port: 80
`,
  issuer: `apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata:
  name: letsencrypt
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    email: ops@example.com
    privateKeySecretRef:
      name: letsencrypt
    solvers:
      - http01:
          ingress:
            ingressClassName: nginx
`,
} as const;

export interface Manifest {
  readonly name: string;
  readonly text: string;
  /** What is said of it; of a sound one nothing. */
  readonly says?: string;
  /** A schema alone tells: kubeconform has to agree. */
  readonly structural?: true;
}

type Base = keyof typeof BASES;

/** The base with one text replaced by another. */
function changed(base: Base, from: string, to: string): string {
  const whole: string = BASES[base];
  if (whole.split(from).length < 2) throw new Error(`${base} has no ${from}`);
  return whole.replace(from, to);
}

const broken = (base: Base, from: string, to: string, says: string): Manifest => ({
  name: `${base}: ${says}`,
  text: changed(base, from, to),
  says,
});
const unfit = (base: Base, from: string, to: string, says: string): Manifest => ({
  ...broken(base, from, to, says),
  structural: true,
});
const sound = (base: Base, from: string, to: string): Manifest => ({
  name: `${base}: ${to.trim() || `without ${from.trim()}`}`,
  text: changed(base, from, to),
});

export const BROKEN: readonly Manifest[] = [
  // Schemas.
  unfit(
    'deployment',
    'imagePullPolicy: IfNotPresent',
    'imagePullPolcy: IfNotPresent',
    'no field imagePullPolcy is known in spec.template.spec.containers[0] (imagePullPolicy?)',
  ),
  unfit(
    'deployment',
    '  replicas: 2\n',
    '  replicas: "2"\n',
    'spec.replicas is the string "2", not an integer',
  ),
  unfit(
    'deployment',
    'value: info',
    'value: 8080',
    'spec.template.spec.containers[0].env[0].value is a number, not a string',
  ),
  unfit('deployment', 'value: info', 'value: true', 'env[0].value is a boolean, not a string'),
  unfit('deployment', '  selector:\n    matchLabels:\n      app: web\n', '', 'spec lacks selector'),
  unfit(
    'deployment',
    '        - name: web\n          image',
    '        - image',
    'spec.template.spec.containers[0] lacks name',
  ),
  unfit(
    'deployment',
    '            - name: http\n              containerPort: 8080',
    '            - name: http\n              port: 8080',
    'no field port is known in spec.template.spec.containers[0].ports[0], which lacks containerPort',
  ),
  unfit('deployment', 'emptyDir: {}', 'emptyDir: []', 'emptyDir is a list, not a mapping'),
  unfit(
    'deployment',
    'maxSurge: 1',
    'maxSurge: 1.5',
    'maxSurge is the number 1.5, not a string or an integer',
  ),
  unfit('deployment', 'matchLabels:\n      app: web', 'app: web', 'no field app is known in spec.selector'),
  unfit(
    'deployment',
    'terminationGracePeriodSeconds: 45',
    'terminationGracePeriodSeconds: 45s',
    'terminationGracePeriodSeconds is the string "45s", not an integer',
  ),
  unfit('service', '    - name: http\n      port: 80\n', '    - name: http\n', 'spec.ports[0] lacks port'),
  unfit('ingress', '            pathType: Prefix\n', '', 'paths[0] lacks pathType'),
  unfit(
    'ingress',
    'service:\n                name: web\n                port:\n                  name: http',
    'serviceName: web',
    'no field serviceName is known in spec.rules[0].http.paths[0].backend',
  ),
  unfit('autoscaler', '  maxReplicas: 6\n', '', 'spec lacks maxReplicas'),
  unfit('cronjob', '  schedule: "10 3 * * 1-5"\n', '', 'spec lacks schedule'),
  unfit('config', 'LOG_LEVEL: info', 'PORT: 8080', 'data.PORT is the number 8080, not a string'),
  unfit('config', 'LOG_LEVEL: info', 'DEBUG: on', 'data.DEBUG is the boolean on, not a string'),
  unfit(
    'policy',
    'podSelector:\n    matchLabels:\n      app: web\n',
    'podSelectors:\n    matchLabels:\n      app: web\n',
    'no field podSelectors is known in spec (podSelector?)',
  ),
  unfit(
    'monitor',
    'interval: 30s',
    'interval: 30 seconds',
    'spec.endpoints[0].interval is "30 seconds", no duration such as',
  ),
  unfit(
    'monitor',
    'endpoints:',
    'endpoint:',
    'no field endpoint is known in spec, which lacks endpoints (endpoints?)',
  ),
  unfit('route', 'port: 80\n', 'port: 80000\n', 'port is 80000; 65535 at most'),
  unfit(
    'route',
    'hostnames: [web.example.com]',
    'hostnames: [Web_1]',
    'hostnames[0] is "Web_1", which does not match',
  ),
  unfit(
    'issuer',
    '    privateKeySecretRef:\n      name: letsencrypt\n',
    '',
    'spec.acme lacks privateKeySecretRef',
  ),
  // What the schemas of Kubernetes itself leave to its code.
  broken(
    'deployment',
    'IfNotPresent',
    'ifnotpresent',
    'imagePullPolicy is "ifnotpresent", not Always, Never or IfNotPresent',
  ),
  broken(
    'deployment',
    'type: RollingUpdate',
    'type: Rolling',
    'spec.strategy.type is "Rolling", not Recreate or RollingUpdate',
  ),
  broken('deployment', 'memory: 256Mi', 'memory: 256MB', 'memory is "256MB", no quantity'),
  broken(
    'deployment',
    '      labels:\n        app: web\n',
    '      labels:\n        app: api\n',
    'it selects pods with app=web, and its own template has app=api',
  ),
  broken(
    'deployment',
    '      labels:\n        app: web\n',
    '      labels:\n        tier: web\n',
    'it selects pods with app=web, and its own template has no app',
  ),
  broken('deployment', '          image: registry.example/web:1.4.2\n', '', 'container web: it has no image'),
  broken('deployment', 'name: web\n  labels', 'name: Web_App\n  labels', 'the name "Web_App" may hold only'),
  broken(
    'deployment',
    'labels:\n    app: web\n',
    'labels:\n    app: web app\n',
    'label app: "web app" may hold only',
  ),
  broken('deployment', 'labels:\n    app: web\n', 'labels:\n    -app: web\n', 'label -app may hold only'),
  broken(
    'deployment',
    '- name: web\n          image',
    '- name: web_1\n          image',
    'the name "web_1" may hold only',
  ),
  broken(
    'deployment',
    'name: http\n              containerPort',
    'name: http-metrics-port\n              containerPort',
    'port name "http-metrics-port" has 17 characters',
  ),
  broken(
    'deployment',
    'containerPort: 8080',
    'containerPort: 80800',
    'containerPort is 80800; a port is 1 to 65535',
  ),
  broken(
    'deployment',
    'port: http\n            periodSeconds',
    'port: "8080"\n            periodSeconds',
    'the port "8080" of readinessProbe is a string',
  ),
  broken(
    'deployment',
    'httpGet:\n              path: /ready\n              port: http',
    'httpGet:\n              path: /ready\n              port: http\n            exec:\n              command: [cat, /ready]',
    'readinessProbe has exec and httpGet',
  ),
  broken(
    'deployment',
    'httpGet:\n              path: /ready\n              port: http\n            ',
    '',
    'readinessProbe has none of exec, grpc, httpGet, tcpSocket',
  ),
  broken(
    'deployment',
    'readinessProbe:',
    'livenessProbe:\n            successThreshold: 2\n            tcpSocket:\n              port: 8080\n          readinessProbe:',
    'successThreshold of livenessProbe is 2',
  ),
  broken(
    'deployment',
    'memory: 256Mi',
    'memory: 1Gi',
    'it requests 1Gi memory, more than its limit of 512Mi',
  ),
  broken('deployment', 'cpu: 250m', 'cpus: 250m', 'cpus in requests is no resource of a container'),
  broken(
    'deployment',
    '- name: scratch\n              mountPath',
    '- name: cache\n              mountPath',
    'the volume cache that it mounts is not among those of the pod',
  ),
  broken(
    'deployment',
    'emptyDir: {}',
    'emptyDir: {}\n          configMap:\n            name: web',
    'the volume scratch has emptyDir and configMap',
  ),
  broken(
    'deployment',
    'value: info',
    'value: info\n              valueFrom:\n                fieldRef:\n                  fieldPath: metadata.name',
    'variable LOG_LEVEL has a value and valueFrom',
  ),
  broken(
    'deployment',
    'type: RollingUpdate',
    'type: Recreate',
    'rollingUpdate stands beside the strategy Recreate',
  ),
  broken('deployment', 'maxSurge: 1', 'maxSurge: 0', 'maxSurge and maxUnavailable are both 0'),
  broken(
    'deployment',
    'maxUnavailable: 0',
    'maxUnavailable: "1"',
    'maxUnavailable is "1", neither a number nor a share',
  ),
  broken(
    'deployment',
    'terminationGracePeriodSeconds: 45',
    'restartPolicy: OnFailure',
    'restartPolicy of a Deployment is OnFailure',
  ),
  broken(
    'deployment',
    '      volumes:',
    '        - name: web\n          image: registry.example/other:1\n      volumes:',
    'two containers are named web',
  ),
  broken(
    'cronjob',
    '          restartPolicy: Never\n',
    '',
    'a CronJob needs restartPolicy Never or OnFailure',
  ),
  broken('cronjob', '10 3 * * 1-5', '10 3 * *', 'has 4 fields, not 5'),
  broken('cronjob', '10 3 * * 1-5', '10 24 * * 7', 'has no valid hour: 24'),
  broken(
    'cronjob',
    'name: backup\nspec',
    `name: ${'backup-'.repeat(8)}x\nspec`,
    'has 57 characters; 52 at most',
  ),
  broken(
    'service',
    'targetPort: http\n',
    'targetPort: http\n    - port: 9090\n',
    'a Service with 2 ports has one without a name',
  ),
  broken('service', 'targetPort: http', 'targetPort: "8080"', 'targetPort "8080" is a string'),
  broken(
    'service',
    'targetPort: http',
    'nodePort: 30080',
    'nodePort 30080 stands in a Service of type ClusterIP',
  ),
  broken(
    'service',
    '  ports:\n    - name: http\n      port: 80\n      targetPort: http\n',
    '',
    'a Service without ports',
  ),
  broken('service', 'selector:', 'type: Loadbalancer\n  selector:', 'spec.type is "Loadbalancer", not'),
  broken('ingress', 'path: /\n', 'path: api\n', 'the path "api" does not begin with /'),
  broken(
    'ingress',
    'host: web.example.com',
    'host: https://web.example.com',
    'the host "https://web.example.com" may hold only',
  ),
  broken('ingress', 'name: http', 'name: http\n                  number: 80', 'has a name and a number'),
  broken('autoscaler', 'maxReplicas: 6', 'maxReplicas: 1', 'maxReplicas 1 is less than minReplicas 2'),
  broken(
    'autoscaler',
    'averageUtilization: 70',
    'averageUtilization: 70\n          averageValue: 70m',
    'a target with averageUtilization and averageValue; one is needed',
  ),
  broken(
    'budget',
    'maxUnavailable: 1',
    'maxUnavailable: 1\n  minAvailable: 1',
    'maxUnavailable stands beside minAvailable',
  ),
  broken(
    'claim',
    '    requests:\n      storage: 10Gi\n',
    '    limits:\n      storage: 10Gi\n',
    'a PersistentVolumeClaim lacks resources.requests.storage',
  ),
  broken('claim', 'ReadWriteOnce', 'ReadWriteOnly', 'spec.accessModes[0] is "ReadWriteOnly", not'),
  broken(
    'secret',
    '  ssh-privatekey: some\n',
    '',
    'a Secret of type kubernetes.io/ssh-auth lacks ssh-privatekey',
  ),
  broken('secret', 'stringData:\n', 'data:\n  other: no-base64!\nstringData:\n', 'data.other is not base64'),
  broken(
    'policy',
    '- podSelector: {}',
    '- podSelector: {}\n          ipBlock:\n            cidr: 10.0.0.0/8',
    'a peer has an ipBlock and a selector',
  ),
  broken('config', 'LOG_LEVEL: info', 'log level: info', 'the key "log level" may hold only'),
  // APIs.
  broken('deployment', 'apps/v1', 'v1', 'v1 has no Deployment; it is in apps/v1'),
  broken(
    'deployment',
    'apps/v1',
    'extensions/v1beta1',
    'extensions/v1beta1 Deployment was removed in Kubernetes 1.16; it is in apps/v1',
  ),
  broken(
    'ingress',
    'networking.k8s.io/v1',
    'networking.k8s.io/v1beta1',
    'networking.k8s.io/v1beta1 Ingress was removed in Kubernetes 1.22',
  ),
  broken(
    'autoscaler',
    'autoscaling/v2',
    'autoscaling/v2beta2',
    'autoscaling/v2beta2 HorizontalPodAutoscaler was removed in Kubernetes 1.26',
  ),
  broken('cronjob', 'kind: CronJob', 'kind: Cronjob', 'batch/v1 has no kind Cronjob (CronJob?)'),
];

export const SOUND: readonly Manifest[] = [
  ...(Object.keys(BASES) as Base[]).map(base => ({ name: `${base}: as it is`, text: BASES[base] as string })),
  sound('deployment', '  replicas: 2\n', ''),
  sound('deployment', '  replicas: 2\n', '  replicas: null\n'),
  sound('deployment', '  replicas: 2\n', '  replicas: 2.0\n'),
  sound('deployment', '  replicas: 2\n', '  paused: no\n'),
  sound('deployment', 'maxUnavailable: 0', 'maxUnavailable: 25%'),
  sound('deployment', 'cpu: 250m', 'cpu: 0.25'),
  sound('deployment', 'cpu: 250m', 'cpu: 1e-1'),
  sound('deployment', 'memory: 256Mi', 'memory: 268435456'),
  sound('deployment', 'memory: 512Mi', 'memory: 512Mi\n              nvidia.com/gpu: 1'),
  sound('deployment', 'value: info', 'value: "8080"'),
  sound('deployment', 'value: info', 'value:'),
  sound('deployment', 'port: http\n            periodSeconds', 'port: 8080\n            periodSeconds'),
  sound('deployment', 'emptyDir: {}', 'configMap:\n            name: web\n            defaultMode: 0644'),
  sound(
    'deployment',
    'labels:\n    app: web\n',
    'labels:\n    app: ""\n    app.kubernetes.io/part-of: shop_1.0\n',
  ),
  sound(
    'deployment',
    '      labels:\n        app: web\n',
    '      labels:\n        app: web\n        tier: front\n',
  ),
  sound(
    'deployment',
    '    matchLabels:\n      app: web\n',
    '    matchExpressions:\n      - {key: app, operator: In, values: [web, api]}\n',
  ),
  sound(
    'deployment',
    'strategy:\n    type: RollingUpdate\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n',
    'strategy:\n    type: Recreate\n',
  ),
  sound('deployment', 'IfNotPresent', '""'),
  sound(
    'deployment',
    'readinessProbe:',
    'lifecycle:\n            preStop:\n              sleep:\n                seconds: 5\n          readinessProbe:',
  ),
  sound('cronjob', '10 3 * * 1-5', '*/15 0-6,22 1,15 JAN-mar SUN'),
  sound('cronjob', '10 3 * * 1-5', '@hourly'),
  sound('service', 'targetPort: http', 'targetPort: 0'),
  sound('service', 'selector:', 'clusterIP: None\n  selector:'),
  sound('ingress', 'host: web.example.com', 'host: "*.example.com"'),
  sound(
    'ingress',
    'path: /\n            pathType: Prefix',
    'path: /api(/|$)(.*)\n            pathType: ImplementationSpecific',
  ),
  sound('autoscaler', 'minReplicas: 2', 'minReplicas: 6'),
  sound('budget', 'maxUnavailable: 1', 'minAvailable: 50%'),
  sound('secret', 'type: kubernetes.io/ssh-auth', 'type: example.com/own'),
  sound('config', 'LOG_LEVEL: info', '.env_file-1: info'),
  sound('monitor', 'interval: 30s', 'interval: 1h30m'),
];
