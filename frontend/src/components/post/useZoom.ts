import { computed, ref, shallowRef, type Ref } from 'vue'
import { useListener } from '../../composables/useListener'

const MOST = 8
/** Pixels of a swipe up or down that closes */
const SWIPE = 90
const clamp = (value: number, most: number) => Math.min(Math.max(value, -most), most)

/** Zooms and moves a picture by wheel, keys, two fingers and a double click; a swipe up or down closes
 *  what is not enlarged. Return the transformation, and what the buttons do. */
export function useZoom(frame: Readonly<Ref<HTMLElement | null>>, close: () => void) {
  const scale = shallowRef(1)
  const at = ref({ x: 0, y: 0 })
  const fingers = new Map<number, PointerEvent>()
  let moved = false

  function moveTo(x: number, y: number): void {
    const { clientWidth = 0, clientHeight = 0 } = frame.value ?? {}
    const room = (scale.value - 1) / 2
    // What is not enlarged follows a swipe, up and down.
    const down = scale.value > 1 ? clamp(y, room * clientHeight) : y
    at.value = { x: clamp(x, room * clientWidth), y: down }
  }
  function zoom(factor: number): void {
    const before = scale.value
    scale.value = Math.min(Math.max(before * factor, 1), MOST)
    const grown = scale.value / before
    moveTo(at.value.x * grown, scale.value === 1 ? 0 : at.value.y * grown)
  }
  const distance = () => {
    const [one, other] = [...fingers.values()]
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0
  }
  function press(event: PointerEvent): void {
    moved = fingers.size > 0
    fingers.set(event.pointerId, event)
  }
  function move(event: PointerEvent): void {
    const before = fingers.get(event.pointerId)
    if (!before) return
    const apart = distance()
    fingers.set(event.pointerId, event)
    const [dx, dy] = [event.x - before.x, event.y - before.y]
    if (Math.abs(dx) + Math.abs(dy) > 1) moved = true
    if (apart) zoom(distance() / apart)
    else moveTo(at.value.x + (scale.value > 1 ? dx : 0), at.value.y + dy)
  }
  function release({ pointerId }: PointerEvent): void {
    if (!fingers.delete(pointerId) || scale.value > 1) return
    if (Math.abs(at.value.y) > SWIPE) close()
    else moveTo(0, 0)
  }
  useListener(window, 'pointermove', move)
  useListener(window, ['pointerup', 'pointercancel'], release)
  useListener(window, 'keydown', ({ key }) => {
    if (key === '+' || key === '=') zoom(1.5)
    if (key === '-') zoom(1 / 1.5)
  })
  return {
    enlarged: computed(() => scale.value > 1),
    transform: computed(() => `translate(${at.value.x}px, ${at.value.y}px) scale(${scale.value})`),
    zoom,
    press,
    wheel: ({ deltaY }: WheelEvent) => zoom(Math.exp(-deltaY / 400)),
    toggle: () => zoom(scale.value > 1 ? 0 : 2.5),
    /** Return whether the click that follows ends a movement. */
    hasMoved: () => moved,
  }
}
