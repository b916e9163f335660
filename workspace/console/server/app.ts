/** The console's routes. All of them read; none changes anything. */
import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context as AnyContext, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { IncidentSummary, IncidentView, Status } from '../api.ts';
import type { Answers } from './answers.ts';
import { gone } from './gone.ts';
import { guard, pagePolicy } from './guard.ts';
import type { Page } from './page-bundle.ts';
import { problem, refusal } from './problems.ts';
import { sendAsset } from './send-asset.ts';
import type { Ask, Reply } from './thread-messages.ts';
import { workbookSummaries, workbookText } from './workbook-files.ts';

/** What the routes answer from. */
export interface AppOptions {
  readonly hosts: () => ReadonlySet<string>;
  readonly page: Promise<Page>;
  readonly answers: Answers;
  readonly status: () => Status;
  readonly incidents: () => readonly IncidentView[];
  /** The folder of workbooks. */
  readonly workbooks: string;
}

interface Served {
  readonly Bindings: HttpBindings;
}
type Context = AnyContext<Served>;

const MOST_BODY_BYTES = 200_000;
const JSON_TYPE = 'application/json; charset=utf-8';
const JSON_HEADERS = { 'content-type': JSON_TYPE };

const queryRequest = z.object({ query: z.string() });
const completionRequest = queryRequest.extend({ position: z.number().int().min(0) });

const refuse = (context: Context, status: 400 | 404 | 405 | 413 | 500, message: string): Response =>
  context.json(refusal(problem('refused', message)), status);

const toSummary = (incident: IncidentView): IncidentSummary => {
  const { id, title, severity, rule, tactics, createdTime, lastAlertTime, alertCount, entities } = incident;
  return { id, title, severity, rule, tactics, createdTime, lastAlertTime, alertCount, entities };
};
const newestFirst = (a: IncidentView, b: IncidentView): number => Date.parse(b.createdTime) - Date.parse(a.createdTime);

// Others than a full queue are answers about the query.
const statusOf = (reply: Reply): 200 | 503 => (!reply.ok && reply.code === 'busy' ? 503 : 200);

/** The routes as a hono application. */
export function consoleApp({ hosts, page, answers, status, incidents, workbooks }: AppOptions): Hono<Served> {
  const app = new Hono<Served>();
  app.use('*', guard(hosts));
  app.use(
    '/api/*',
    bodyLimit({
      maxSize: MOST_BODY_BYTES,
      onError: (context) => refuse(context, 413, `a request has at most ${MOST_BODY_BYTES} bytes: shorten the query`),
    }),
  );

  const bodyOf = async <T>(context: Context, schema: z.ZodType<T>): Promise<T | Response> => {
    let body: unknown;
    try {
      body = await context.req.json();
    } catch {
      return refuse(context, 400, 'the request is no JSON');
    }
    const parsed = schema.safeParse(body);
    return parsed.success ? parsed.data : refuse(context, 400, z.prettifyError(parsed.error));
  };
  const ask = async (context: Context, what: Ask): Promise<Reply> => answers.ask(what, gone(context.env));
  const answer = async (context: Context, what: Ask): Promise<Response> => {
    const reply = await ask(context, what);
    return context.body(reply.text, statusOf(reply), JSON_HEADERS);
  };

  app.get('/api/status', (context) => {
    // A page that is told of new rows asks at once, and keeps what it gets until there are others.
    answers.lookAgain();
    return context.json(status());
  });
  app.get('/api/incidents', (context) => context.json(incidents().toSorted(newestFirst).map(toSummary)));
  app.get('/api/incidents/:id', (context) => {
    const id = context.req.param('id');
    const found = incidents().find((incident) => incident.id === id);
    return found === undefined ? refuse(context, 404, `there is no incident ${id}`) : context.json(found);
  });
  app.get('/api/workbooks', (context) => context.json(workbookSummaries(workbooks)));
  app.get('/api/workbooks/:file', (context) => {
    const file = context.req.param('file');
    const text = workbookText(workbooks, file);
    if (text === undefined) return refuse(context, 404, `there is no workbook ${file}`);
    return context.body(text, 200, JSON_HEADERS);
  });
  app.get('/api/schema', async (context) => answer(context, { kind: 'schema' }));
  app.post('/api/query', async (context) => {
    const body = await bodyOf(context, queryRequest);
    return body instanceof Response ? body : answer(context, { kind: 'query', query: body.query });
  });
  app.post('/api/query.csv', async (context) => {
    const body = await bodyOf(context, queryRequest);
    if (body instanceof Response) return body;
    const reply = await ask(context, { kind: 'csv', query: body.query });
    if (!reply.ok) return context.body(reply.text, statusOf(reply) === 503 ? 503 : 422, JSON_HEADERS);
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="answer.csv"',
    };
    return context.body(reply.text, 200, headers);
  });
  app.post('/api/diagnose', async (context) => {
    const body = await bodyOf(context, queryRequest);
    return body instanceof Response ? body : answer(context, { kind: 'diagnose', query: body.query });
  });
  app.post('/api/complete', async (context) => {
    const body = await bodyOf(context, completionRequest);
    return body instanceof Response ? body : answer(context, { kind: 'complete', ...body });
  });
  app.all('/api/*', (context) => refuse(context, 404, `there is no ${context.req.method} ${context.req.path}`));

  app.get('/', async (context) => {
    const nonce = randomBytes(16).toString('base64');
    const { html } = await page;
    context.header('content-security-policy', pagePolicy(nonce));
    return context.html(html(nonce));
  });
  app.get('/assets/:name', async (context) => {
    const { assets } = await page;
    const asset = assets.get(context.req.param('name'));
    return asset === undefined ? refuse(context, 404, 'there is no such file') : sendAsset(context, asset);
  });
  app.notFound((context) => refuse(context, 404, `there is no ${context.req.path}`));
  app.onError((error, context) => refuse(context, 500, error.message));
  return app;
}
