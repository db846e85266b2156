#!/usr/bin/env bash
# Question: a feed has a post with a picture, as an enclosure. Does a bot or page built on rss-parser
#   (npm) find the picture in RSS and in Atom?
# Common guess: yes, in the same field, since it reads both formats into items of one shape.
# Behaviour: in RSS 2.0 the item has `enclosure` with url, length and type. The same post in Atom has
#   <link rel="enclosure"> (RFC 4287, section 4.2.7.2); the item has no `enclosure`, no other field
#   with that URL, and nothing says that it was left out. The id has another name, too: `guid` in RSS,
#   `id` in Atom.
# Versions: rss-parser 3.13.0. feedsmith 3.0.1, beside it, keeps the enclosure of both.
# Source: seen by this script. Found when the feeds of μblog were read by it (November 2026).
# Why a microblog cares: a picture without words is the whole post. A feed in Atom alone loses it for
#   these readers, so the picture is in the HTML of the entry, too, and RSS is offered beside Atom.
#
# Needs node and npm. Installs the packages into a temporary directory.
set -euo pipefail

cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
npm install --silent --no-audit --no-fund rss-parser@3.13.0 feedsmith@3.0.1

cat >rss.xml <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel>
  <title>Club</title><link>https://club.example/</link><description>Posts</description>
  <item>
    <title>A boat</title><link>https://club.example/posts/2</link>
    <guid isPermaLink="false">tag:club.example,2026:2</guid>
    <enclosure url="https://club.example/boat.jpg" length="1234" type="image/jpeg"/>
    <description>&lt;p&gt;A boat&lt;/p&gt;</description>
  </item>
</channel></rss>
XML
cat >atom.xml <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>Club</title><id>tag:club.example,2026:1</id><updated>2026-11-30T08:00:00Z</updated>
  <entry>
    <title>A boat</title><id>tag:club.example,2026:2</id><updated>2026-11-30T08:00:00Z</updated>
    <author><name>Ann</name></author>
    <link rel="alternate" href="https://club.example/posts/2"/>
    <link rel="enclosure" href="https://club.example/boat.jpg" length="1234" type="image/jpeg"/>
    <content type="html">&lt;p&gt;A boat&lt;/p&gt;</content>
  </entry>
</feed>
XML
cat >read.mjs <<'JS'
import { readFileSync } from 'node:fs'
import Parser from 'rss-parser'
import { parseFeed } from 'feedsmith'

const [rss, atom] = ['rss.xml', 'atom.xml'].map((name) => readFileSync(name, 'utf8'))
const parser = new Parser()
const items = [(await parser.parseString(rss)).items[0], (await parser.parseString(atom)).items[0]]
console.log('node', process.version)
console.log('rss-parser, RSS: ', JSON.stringify(items[0]))
console.log('rss-parser, Atom:', JSON.stringify(items[1]))
const links = parseFeed(atom).feed.entries[0].links
console.log('feedsmith, Atom: ', JSON.stringify(links))
const expected = {
  'RSS has the enclosure': items[0].enclosure?.url === 'https://club.example/boat.jpg',
  'Atom has none': items[1].enclosure === undefined,
  'nor its URL anywhere': !JSON.stringify(items[1]).includes('boat.jpg'),
  'the id has two names': 'guid' in items[0] && !('guid' in items[1]) && 'id' in items[1],
  'feedsmith keeps it': links.some(({ rel, href }) => rel === 'enclosure' && href.endsWith('boat.jpg')),
}
for (const [what, seen] of Object.entries(expected)) console.log(seen ? 'as described:' : 'CHANGED:', what)
process.exit(Object.values(expected).every(Boolean) ? 0 : 1)
JS
node read.mjs
