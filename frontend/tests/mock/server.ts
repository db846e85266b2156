/** The built app before a blog in memory, with the headers of the real site: `npm run mock`. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { extname, resolve } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { createBackEnd } from './handle.ts'
import { seed } from './seed.ts'

const PORT = Number(process.env.PORT ?? 9320)
// With BACK_END=http://127.0.0.1:8000 requests go to the real server, and only the shell is from here.
const BACK_END = process.env.BACK_END
const DIST = resolve(import.meta.dirname, '../../dist')
const SAMPLES = resolve(import.meta.dirname, '../../samples')
const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
}
const policy =
  "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'"

const manifest = JSON.parse(readFileSync(resolve(DIST, 'manifest.json'), 'utf8'))
const file = (entry: string) => `/static/${manifest[entry].file}`
/** All that the app waits for, so that the browser need not find one after another. */
const preloads = [...new Set(needed('src/spa/main.ts'))]
  .map((name) => `<link rel="modulepreload" href="/static/${name}">`)
  .join('')
function needed(entry: string): string[] {
  const { file: name, imports = [] } = manifest[entry] as { file: string; imports?: string[] }
  return [name, ...imports.flatMap(needed)]
}
const shell = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>μblog</title><meta name="description" content="One microblog, five interfaces.">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${file('src/styles/site.css')}">
${preloads}<script type="module" src="${file('src/spa/main.ts')}"></script></head>
<body data-hint="logged_in"><div id="app"></div></body></html>`

const backEnd = createBackEnd()
seed(backEnd.blog)
/** What the next requests to a path get instead: POST /__fault {path, status, times, headers}. */
let fault = { path: '', status: 500, times: 0, headers: {} as Record<string, string> }

async function forward(request: Request): Promise<Response> {
  const { pathname, search, host } = new URL(request.url)
  const headers = new Headers(request.headers)
  headers.set('Host', host)
  headers.delete('Connection')
  const body = request.body ? await request.arrayBuffer() : undefined
  const response = await fetch(BACK_END + pathname + search, {
    method: request.method,
    headers,
    body,
  })
  const kept = new Headers(response.headers)
  // fetch has decoded the body.
  for (const name of ['Content-Encoding', 'Content-Length', 'Transfer-Encoding']) kept.delete(name)
  return new Response(response.status === 204 ? null : await response.arrayBuffer(), {
    status: response.status,
    headers: kept,
  })
}

async function respond(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (BACK_END && /^\/(api|graphql|media|fbv|cbv|accounts)\//.test(pathname))
    return forward(request)
  if (pathname === '/__fault') {
    fault = { headers: {}, ...(await request.json()) }
    return new Response('ok')
  }
  if (pathname === '/__post') {
    const { by, body } = await request.json()
    const author = backEnd.blog.users.find((user) => user.username === by) ?? null
    backEnd.blog.publish(author, { body })
    return new Response('ok')
  }
  if (fault.times > 0 && pathname.includes(fault.path)) {
    fault.times--
    const { status, headers } = fault
    return Response.json(
      { detail: status === 429 ? 'Too many requests.' : '' },
      { status, headers },
    )
  }
  if (/^\/(api|graphql)\//.test(pathname)) return backEnd.handle(request)
  if (pathname === '/robots.txt') return new Response('User-agent: *\nAllow: /\n')
  if (pathname.startsWith('/media/')) return new Response(backEnd.blog.media.get(pathname))
  const [directory, name] = pathname.startsWith('/samples/')
    ? [SAMPLES, pathname.slice(9)]
    : [DIST, pathname.slice(8)]
  if (directory === DIST && !pathname.startsWith('/static/'))
    return new Response(shell, { headers: { 'Content-Type': 'text/html; charset=utf-8' } })
  const body = readFileSync(resolve(directory, name))
  const text = String(body).replace(/\{% asset '(.*?)' %\}/g, (_, entry: string) => file(entry))
  return new Response(directory === SAMPLES ? text : body, {
    headers: {
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
      'Cache-Control': directory === DIST ? 'public, max-age=31536000, immutable' : 'no-store',
    },
  })
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const body = chunks.length ? Buffer.concat(chunks) : undefined
  return new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method,
    headers: incoming.headers as Record<string, string>,
    body,
  })
}

createServer(async (incoming, outgoing) => {
  const response = await respond(await toRequest(incoming)).catch(
    (reason: Error) => new Response(reason.message, { status: 404 }),
  )
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
  outgoing.setHeader('Content-Security-Policy', policy)
  outgoing.setHeader('X-Content-Type-Options', 'nosniff')
  const body = Buffer.from(await response.arrayBuffer())
  const text = /text|json|svg/.test(response.headers.get('Content-Type') ?? '')
  const small = text && body.length > 500 && /br/.test(String(incoming.headers['accept-encoding']))
  if (small) outgoing.setHeader('Content-Encoding', 'br')
  outgoing.writeHead(response.status).end(small ? brotliCompressSync(body) : body)
}).listen(PORT, '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}`))
