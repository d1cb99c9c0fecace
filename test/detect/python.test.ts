import { describe, expect, test } from 'vitest';
import { expectFacts, type Facts, fixture, realService } from './facts.ts';

const cases: Record<string, Facts> = {
  'python-factory': {
    'api.framework': 'fastapi @ app/main.py:15',
    'api.version': '3.12 @ .python-version:1',
    'api.build.main': 'app.main:create_app @ app/main.py:15',
    'api.build.factory': 'true',
    'api.build.interface': 'asgi',
    'api.build.manifest': 'requirements.txt @ requirements.txt:1',
    'api.port': '~8000 @ app/main.py:15',
    'api.health.live': '/healthz @ app/main.py:18',
    'api.stream': '{"kind":"sse","paths":["/chat"]} @ app/main.py:22',
    'api.timeouts.llm': '~25s @ app/main.py:7',
    'api.egress.api.openai.com:443': '~api.openai.com:443 @ app/main.py:5',
    'api.env.OPENAI_API_KEY': 'secret, required @ app/main.py:5',
  },
  'python-src-layout': {
    name: 'answer-bot @ pyproject.toml:1',
    'api.framework': 'starlette @ src/answerbot/api.py:12',
    'api.version': '~3.11 @ pyproject.toml:3',
    'api.build.main': 'answerbot.api:app @ src/answerbot/api.py:12',
    'api.build.sourceRoot': 'src',
    'api.build.manifest': 'uv.lock @ uv.lock:1',
    'api.build.packageManager': 'uv @ uv.lock:1',
    'api.port': '8100 @ src/answerbot/api.py:10 src/answerbot/api.py:22',
    'api.portEnv': '{"name":"ANSWERBOT_PORT","form":"${port}"} @ src/answerbot/api.py:10',
    'api.routes.POST /v1/ask': '{"method":"POST","path":"/v1/ask"} @ src/answerbot/api.py:16',
    'api.stream': '{"kind":"websocket","paths":["/v1/talk"]} @ src/answerbot/api.py:16',
    'api.health.live': '/live @ src/answerbot/api.py:14',
    'api.health.ready': '/ready @ src/answerbot/api.py:15',
    'api.timeouts.drain': '20s @ src/answerbot/api.py:22',
    'api.env.DATABASE_URL': 'secret, required @ src/answerbot/database.py:10',
    'database.engine': 'postgres @ src/answerbot/database.py:3',
  },
  'python-routers': {
    'api.build.main': 'service.main:app @ service/main.py:7',
    'api.port': '8001 @ gunicorn.conf.py:3',
    'api.metrics': '{"path":"/metrics"} @ service/main.py:11',
    'api.health.live': '/health/live @ service/routers/health.py:6',
    'api.health.ready': '/health/ready @ service/routers/health.py:11',
    'api.health.deep': '/admin/health/deep @ service/routers/admin.py:7',
    'api.stream': '{"kind":"sse","paths":["/api/chat/stream"]} @ service/routers/chat.py:7',
    'api.routes.ANY /api/chat/ws': '{"path":"/api/chat/ws"} @ service/routers/chat.py:12',
  },
  'python-settings': {
    name: 'settings-bot @ pyproject.toml:1',
    'api.version': '~3.13 @ pyproject.toml:5',
    'api.build.manifest': 'poetry.lock @ poetry.lock:1',
    'api.port': '8200 @ bot/settings.py:9 bot/__main__.py:6',
    'api.portEnv': '{"name":"BOT_PORT","form":"${port}"} @ bot/settings.py:9',
    'api.env.BOT_REGION': 'default none, required @ bot/settings.py:11',
    'api.env.BOT_MODEL': 'default claude-sonnet-4-5 @ bot/settings.py:10',
    'api.env.BOT_ANTHROPIC_API_KEY': 'secret, required @ bot/settings.py:12',
    'api.env.ANTHROPIC_API_KEY': 'none',
    'api.env.OLLAMA_URL': 'default http://localhost:11434 @ bot/settings.py:14',
    'api.timeouts.llm': '~40s @ bot/settings.py:13',
    'api.egress.api.anthropic.com:443': '~api.anthropic.com:443 @ bot/main.py:1',
  },
  'python-django': {
    'api.framework': 'django @ helpdesk/asgi.py:6',
    'api.build.main': 'helpdesk.asgi:application @ helpdesk/asgi.py:6',
    'api.health.live': '/healthz @ helpdesk/urls.py:6',
    'api.stream': '{"kind":"sse","paths":["/api/chat/stream"]} @ chat/urls.py:5',
    'api.env.SECRET_KEY': 'secret, required @ helpdesk/settings.py:3',
    'api.env.DEBUG': 'default 0 @ helpdesk/settings.py:4',
  },
  'python-flask-celery': {
    'api.framework': 'flask @ wsgi.py:3',
    'api.build.main': 'wsgi:app @ wsgi.py:3',
    'api.build.interface': 'wsgi',
    'api.build.factory': 'none',
    'api.health.live': '/api/ping @ web/views.py:8',
    'worker.kind': 'worker @ web/tasks.py:5',
    'worker.command': '["celery","-A","web.tasks:celery","worker","--loglevel=info"] @ web/tasks.py:5',
    'worker.env.CELERY_BROKER_URL': 'secret, required @ web/tasks.py:5',
  },
  'python-same-names': {
    'api.port': '8123 @ bot/config.py:11 bot/main.py:21',
    'api.env.TOKENIZERS_PARALLELISM': 'none',
    'api.health.missing': 'true',
    'api.health.live': '~/openapi.json @ bot/main.py:8',
  },
  'python-two-apps': {
    'api.build.main': 'public:api @ public.py:3',
    'api.port': '8300 @ Dockerfile:3',
    'api.version': '3.13 @ Dockerfile:1',
    'api.user': '{"uid":1000,"gid":1000} @ Dockerfile:2',
    'api.health.live': '/status @ public.py:6',
  },
};

describe('Python', () => {
  test.each(Object.entries(cases))('%s', async (name, facts) => {
    await expectFacts(fixture(name), facts);
  });

  test('a factory is told', async () => {
    const { notes } = await expectFacts(fixture('python-factory'), {});
    expect(notes.map(({ message }) => message)).toContain(
      'app.main:create_app is a function that makes the application, so it is served with --factory',
    );
  });

  test('a service on this machine by default is told', async () => {
    const { notes } = await expectFacts(fixture('python-settings'), {});
    expect(notes.map(({ message }) => message)).toEqual([
      'OLLAMA_URL is http://localhost:11434 unless set, which in a container or pod is the program itself',
      'BOT_REGION must be set: the program does not start without',
    ]);
  });
});

test('the real Python service', async () => {
  await expectFacts(realService('python'), {
    'api.build.main': 'app.main:app @ app/main.py:37',
    'api.port': '8001 @ app/settings.py:36 app/__main__.py:14',
    'api.portEnv': '{"name":"PORT","form":"${port}"} @ app/settings.py:36',
    'api.health.live': '/health/live @ app/health.py:19',
    'api.health.ready': '/health/ready @ app/health.py:29',
    'api.health.startup': '/health/startup @ app/health.py:24',
    'api.health.deep': '/health/deep @ app/health.py:40',
    'api.timeouts.drain': '30s @ app/settings.py:51',
    'api.timeouts.drainEnv': 'SHUTDOWN_TIMEOUT',
    'api.limits.body': '~1Mi @ app/settings.py:52',
    'worker.command': '~["python","-m","app.worker"] @ app/worker.py:105',
    'job.command': '~["python","-m","app.job"] @ app/job.py:37',
  });
});
