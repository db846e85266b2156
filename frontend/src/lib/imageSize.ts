/** How images are shown in a list: as `image_attributes` in the template pages does. */
import type { Image } from '../api/types'

/** Pixels of an image in a list. */
const COLUMN = 576
const MAX_HEIGHT = 512
/** Times as high as wide, as screens of phones are: what is taller is cut at the bottom. */
export const TALLEST = 2.2

/** Return the attributes of its `<img>`, which is never larger than the image. */
export function imageAttributes({ renditions, width, height }: Image) {
  const cut = Math.min(height, Math.round(TALLEST * width))
  const factor = Math.min(1, MAX_HEIGHT / cut)
  const shown = Math.max(1, Math.round(width * factor))
  return {
    src: renditions[0]?.url,
    ...(renditions.length > 1 && {
      srcset: renditions.map((each) => `${each.url} ${each.width}w`).join(', '),
      sizes: `min(${Math.min(shown, COLUMN)}px, 100vw)`,
    }),
    width: shown,
    height: Math.round(cut * factor),
  }
}

/** Return whether a phone shows it from edge to edge: as `is_wide` in the template pages. */
export const isWide = ({ width, height }: Image): boolean => width >= 480 && height <= 1.34 * width
