import { ref } from 'vue'

export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'error'
  /** A button in the toast; choosing it closes the toast without `onClose`. */
  action?: { label: string; run: () => void }
  /** Runs when the toast goes without its action having been chosen. */
  onClose?: () => void
}

const toasts = ref<Toast[]>([])
let lastId = 0

function take(id: number): Toast | undefined {
  const toast = toasts.value.find((item) => item.id === id)
  toasts.value = toasts.value.filter((item) => item.id !== id)
  return toast
}

/** Shows a text for a few seconds; the toast list holds it while it is hovered or focused. */
export function showToast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const toast: Toast = { id: ++lastId, text, tone: 'plain', ...options }
  toasts.value = [...toasts.value, toast]
  return toast.id
}

export const closeToast = (id: number): void => take(id)?.onClose?.()
export const chooseToast = (id: number): void => take(id)?.action?.run()

export const useToasts = () => ({ toasts })
