// Feeds read by rss-parser, previews by open-graph-scraper, of a live site; prints what they see.
import openGraph from 'open-graph-scraper'
import Parser from 'rss-parser'

const [site = '', post = ''] = process.argv.slice(2)
const parser = new Parser()
const feeds: Record<string, unknown> = {}
for (const format of ['rss', 'atom']) {
  feeds[format] = await parser.parseURL(`${site}/feeds/${format}/`)
}
const pages: Record<string, unknown> = {}
for (const path of [`/posts/${post}`, `/fbv/posts/${post}/`, '/']) {
  // By itself it takes no URL of this machine.
  const html = await (await fetch(site + path)).text()
  const { result } = await openGraph({ html, onlyGetOpenGraphInfo: true })
  pages[path] = result
}
console.log(JSON.stringify({ feeds, pages }))
