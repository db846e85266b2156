/** Which files the server reads as images, and what the browser can do about the others. */
import type { Key } from '../i18n/deferred'

/** Bytes, as on the server. */
export const LARGEST = 16 * 1024 * 1024
/** The formats that the server reads, and how many megapixels of each. Not HEIC: a phone that is
 *  asked for these sends JPEG. */
export const MEGAPIXELS: Record<string, number> = {
  'image/jpeg': 125,
  'image/png': 35,
  'image/webp': 13,
  'image/gif': 40,
  'image/avif': 13,
}
export const ACCEPT = Object.keys(MEGAPIXELS).join()
/** Pixels that the server keeps. */
const KEPT = 8_294_400
const HEIC = /^image\/hei[cf]/

const problems: [RegExp, Key][] = [
  [/^video\//, 'composer.video'],
  [/^application\/pdf/, 'composer.pdf'],
  [/^image\/svg/, 'composer.svg'],
  [/^(?!image\/|$)/, 'composer.notPicture'],
]

/** Return why a file is no image, by its type; null when it may be one. */
export const problemOf = ({ type }: File): Key | null =>
  problems.find(([kind]) => kind.test(type))?.[1] ?? null

/** What is known of a file after the browser has read it. */
export interface ImageFile {
  /** What to send: the file, or a smaller image of it that the server accepts. */
  file: File | null
  problem: Key | null
  moves: boolean
}

/** Read a file, and scale it down when the server would reject it. */
export async function readImage(file: File, readsHeic: boolean): Promise<ImageFile> {
  const image = await load(file)
  const known = file.type in MEGAPIXELS || !file.type || (readsHeic && HEIC.test(file.type))
  const pixels = image ? image.naturalWidth * image.naturalHeight : 0
  const fits = file.size <= LARGEST && pixels <= (MEGAPIXELS[file.type] ?? Infinity) * 1e6
  if (known && fits) return { file, problem: null, moves: await isAnimation(file) }
  const scaled = image && (await scaleDown(image, file).catch(() => null))
  if (scaled && scaled.size <= LARGEST) return { file: scaled, problem: null, moves: false }
  const unknown = HEIC.test(file.type) ? 'composer.heic' : 'composer.notPicture'
  return { file: null, problem: known ? 'composer.tooLarge' : unknown, moves: false }
}

/** Return the image if the browser can read it. */
async function load(file: File): Promise<HTMLImageElement | null> {
  const image = new Image()
  const url = URL.createObjectURL(file)
  try {
    await new Promise((resolve, reject) => {
      image.addEventListener('load', resolve)
      image.addEventListener('error', reject)
      image.src = url
    })
    await image.decode()
    return image
  } catch {
    return null
  } finally {
    URL.revokeObjectURL(url)
  }
}

/** Return an image of as many pixels as the server keeps: as JPEG, or WebP when the format can have
 *  transparent pixels (Safari makes a PNG of it). */
async function scaleDown(image: HTMLImageElement, { name, type }: File): Promise<File | null> {
  const { naturalWidth: width, naturalHeight: height } = image
  const factor = Math.min(1, Math.sqrt(KEPT / (width * height)))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.floor(width * factor))
  canvas.height = Math.max(1, Math.floor(height * factor))
  const context = canvas.getContext('2d')
  if (!context) return null
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  const wanted = /jpeg|hei[cf]/.test(type) ? 'image/jpeg' : 'image/webp'
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, wanted, 0.92))
  return blob && new File([blob], name, { type: blob.type })
}

/** Return whether the bytes of a file, each as a character, have the mark of an animation. */
const animated: Record<string, (bytes: string) => boolean> = {
  // The start of what comes before each frame.
  'image/gif': (bytes) => bytes.split('!\u00f9\u0004').length > 2,
  'image/png': (bytes) => bytes.includes('acTL'),
  'image/webp': (bytes) => bytes.startsWith('VP8X', 12) && bytes.includes('ANIM'),
  'image/avif': (bytes) => bytes.slice(0, 48).includes('avis'),
}

async function isAnimation(file: File): Promise<boolean> {
  const test = animated[file.type]
  return Boolean(test?.(new TextDecoder('latin1').decode(await file.arrayBuffer())))
}
