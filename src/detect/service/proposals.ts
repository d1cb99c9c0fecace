/** What to add to a program that says nothing about its health: a few lines for its framework. */
const proposals: Record<string, string> = {
  'net/http': `mux.HandleFunc("GET /health/live", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusOK) })
mux.HandleFunc("GET /health/ready", func(w http.ResponseWriter, r *http.Request) {
	if err := ready(r.Context()); err != nil { // ping what a request needs
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
})`,
  gin: `r.GET("/health/live", func(c *gin.Context) { c.Status(http.StatusOK) })
r.GET("/health/ready", func(c *gin.Context) {
	if err := ready(c.Request.Context()); err != nil { // ping what a request needs
		c.String(http.StatusServiceUnavailable, err.Error())
		return
	}
	c.Status(http.StatusOK)
})`,
  echo: `e.GET("/health/live", func(c echo.Context) error { return c.NoContent(http.StatusOK) })
e.GET("/health/ready", func(c echo.Context) error {
	if err := ready(c.Request().Context()); err != nil { // ping what a request needs
		return c.String(http.StatusServiceUnavailable, err.Error())
	}
	return c.NoContent(http.StatusOK)
})`,
  fiber: `app.Get("/health/live", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusOK) })
app.Get("/health/ready", func(c *fiber.Ctx) error {
	if err := ready(c.Context()); err != nil { // ping what a request needs
		return c.Status(fiber.StatusServiceUnavailable).SendString(err.Error())
	}
	return c.SendStatus(fiber.StatusOK)
})`,
  fastapi: `@app.get("/health/live")
async def live():
    return {"status": "alive"}

@app.get("/health/ready")
async def ready(response: Response):
    ok = await check_dependencies()  # ping what a request needs
    response.status_code = 200 if ok else 503
    return {"status": "ready" if ok else "not ready"}`,
  starlette: `async def live(request):
    return JSONResponse({"status": "alive"})

async def ready(request):
    ok = await check_dependencies()  # ping what a request needs
    return JSONResponse({"ready": ok}, status_code=200 if ok else 503)

routes += [Route("/health/live", live), Route("/health/ready", ready)]`,
  flask: `@app.get("/health/live")
def live():
    return {"status": "alive"}

@app.get("/health/ready")
def ready():
    ok = check_dependencies()  # ping what a request needs
    return {"ready": ok}, (200 if ok else 503)`,
  django: `urlpatterns += [
    path("health/live", lambda request: JsonResponse({"status": "alive"})),
    path("health/ready", ready),  # ping what a request needs; 503 while it can't serve
]`,
  express: `app.get('/health/live', (req, res) => res.json({ status: 'alive' }));
app.get('/health/ready', async (req, res) => {
  const ok = await checkDependencies(); // ping what a request needs
  res.status(ok ? 200 : 503).json({ ready: ok });
});`,
  fastify: `app.get('/health/live', async () => ({ status: 'alive' }));
app.get('/health/ready', async (request, reply) => {
  const ok = await checkDependencies(); // ping what a request needs
  return reply.code(ok ? 200 : 503).send({ ready: ok });
});`,
  hono: `app.get('/health/live', c => c.json({ status: 'alive' }));
app.get('/health/ready', async c => {
  const ok = await checkDependencies(); // ping what a request needs
  return c.json({ ready: ok }, ok ? 200 : 503);
});`,
  koa: `router.get('/health/live', ctx => { ctx.body = { status: 'alive' }; });
router.get('/health/ready', async ctx => {
  const ok = await checkDependencies(); // ping what a request needs
  ctx.status = ok ? 200 : 503;
});`,
  nest: `@Controller('health')
export class HealthController {
  @Get('live') live() { return { status: 'alive' }; }
  @Get('ready') async ready() {
    if (!(await this.checkDependencies())) throw new ServiceUnavailableException(); // ping what a request needs
    return { ready: true };
  }
}`,
  'node:http': `if (req.url === '/health/live') return res.end('alive');
if (req.url === '/health/ready') {
  const ok = await checkDependencies(); // ping what a request needs
  res.statusCode = ok ? 200 : 503;
  return res.end();
}`,
};

const relatives: Record<string, string> = {
  chi: 'net/http',
  'gorilla/mux': 'net/http',
  grpc: 'net/http',
  quart: 'flask',
  litestar: 'starlette',
  aiohttp: 'starlette',
};

export function healthProposal(framework: string | undefined, language: string): string {
  const fallback = { go: 'net/http', python: 'fastapi', node: 'node:http' }[language] ?? 'net/http';
  const name = framework ?? fallback;
  return proposals[name] ?? proposals[relatives[name] ?? fallback] ?? '';
}
