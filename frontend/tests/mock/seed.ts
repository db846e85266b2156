import { Blob } from 'node:buffer'
import type { FakeBlog } from './blog.ts'

const MINUTE = 60_000
const lake = (hue: number) =>
  new Blob(
    [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 750"><defs><linearGradient id="s" x2="0" y2="1">
      <stop stop-color="hsl(${hue} 70% 78%)"/><stop offset="1" stop-color="hsl(${hue + 40} 80% 90%)"/></linearGradient></defs>
      <rect width="1200" height="750" fill="url(#s)"/><circle cx="880" cy="190" r="70" fill="#fff8e1"/>
      <path d="M0 470 260 220 470 420 700 170 1200 480V750H0z" fill="hsl(${hue + 20} 35% 45%)"/>
      <path d="M0 540 330 380 640 520 930 360 1200 520V750H0z" fill="hsl(${hue + 15} 40% 32%)"/>
      <rect y="570" width="1200" height="180" fill="hsl(${hue} 45% 60%)"/></svg>`,
    ],
    { type: 'image/svg+xml' },
  )

/** A blog that looks lived in. */
export function seed(blog: FakeBlog): void {
  const ada = blog.person('ada', {
    displayName: 'Ada Lindqvist',
    bio: 'Bridges, bread and Python. https://example.org/ada',
  })
  const kofi = blog.person('kofi', { displayName: 'Kofi Mensah' })
  const mei = blog.person('mei_chen', { displayName: 'Mei Chen' })
  const old = [
    'Counting seconds between lightning and thunder again.',
    'The library extended its opening hours. Small joys.',
    'Refactored 300 lines into 40 and everyone clapped. (Nobody clapped.)',
    'Is it still soup if you eat it with a fork?',
  ]
  for (let n = 0; n < 130; n++) {
    const author = [ada, kofi, mei, null][n % 4] ?? null
    blog.publish(author, { body: `${old[n % old.length]} (${130 - n})` }, (200 - n) * 60 * MINUTE)
  }
  const say = (author: typeof ada | null, body: string, minutes: number) =>
    blog.publish(author, { body }, minutes * MINUTE)
  const like = (id: number, ...people: (typeof ada)[]) =>
    people.forEach((person) => blog.mark(id, person, 'like'))

  const reply = (author: typeof ada | null, inReplyTo: number, body: string, minutes: number) =>
    blog.publish(author, { body, inReplyTo }, minutes * MINUTE)

  const walk = say(kofi, 'Anyone up for a walk around the harbour on Sunday? I bring coffee.', 300)
  like(walk.id, ada, mei)
  const when = reply(mei, walk.id, 'Count me in! What time?', 290)
  const ten = reply(kofi, when.id, 'Ten, at the old crane. Bring a hat, it is windy there.', 280)
  reply(ada, ten.id, 'The crane is from 1912, by the way. I may talk about it at length.', 270)
  const wrong = reply(ada, walk.id, 'Which harbour?', 260)
  reply(kofi, wrong.id, 'The only one we have.', 250)
  blog.remove(wrong.id, ada)
  for (let n = 1; n <= 24; n++) reply([null, mei, ada][n % 3] ?? null, walk.id, `+${n}`, 240 - n)
  const trip = say(mei, 'Sunrise at the lake this morning. Worth every cold toe.', 190)
  blog.media.set('/media/lake', lake(200) as never)
  trip.image = {
    url: '/media/lake',
    renditions: [{ url: '/media/lake', width: 800, height: 600 }],
    width: 1200,
    height: 750,
    color: '#8aa5b8',
    alt: 'A calm lake below two ranges of mountains, the sun just above them.',
  }
  like(trip.id, ada, kofi, mei)
  say(null, 'First time here. Hello from somebody who only reads!', 140)
  const tip = say(
    ada,
    'Reading the same blog in five styles side by side taught me more about Django than any tutorial:\n\nhttps://docs.djangoproject.com/en/5.2/topics/class-based-views/\n\nFunction views are still my favourite.',
    52,
  )
  tip.edited = true
  tip.modifiedOn = new Date(Date.now() - 40 * MINUTE).toISOString()
  like(tip.id, kofi, mei)
  like(say(kofi, 'TIL: “microblog” is nine letters and so is “sourdough”.', 17).id, ada)
  say(mei, 'السلام عليكم — trying out right-to-left text. It works 🎉', 4)
}
