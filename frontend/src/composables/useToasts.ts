import { ref } from 'vue'
import { asApiError } from '../api/errors'
import { errorMessage } from '../lib/errorMessage'

export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'error'
  /** A button in the toast; it closes the toast without calling `onClose`. */
  action?: { label: string; run: () => void }
  /** The key that presses the button, while this is the newest such toast. */
  key?: string
  /** Called when the toast is closed without its action. */
  onClose?: () => void
}

const toasts = ref<Toast[]>([])
let lastId = 0

function take(id: number): Toast | undefined {
  const toast = toasts.value.find((item) => item.id === id)
  toasts.value = toasts.value.filter((item) => item.id !== id)
  return toast
}

/** Show a text for a few seconds, longer while it is hovered or focused, and return its id. */
export function showToast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const toast: Toast = { id: ++lastId, text, tone: 'plain', ...options }
  toasts.value = [...toasts.value, toast]
  return toast.id
}

/** Show why a request failed, in a toast. */
export const showError = (reason: unknown) =>
  showToast(errorMessage(asApiError(reason)), { tone: 'error' })

export const closeToast = (id: number): void => take(id)?.onClose?.()
export const chooseToast = (id: number): void => take(id)?.action?.run()

export const useToasts = () => ({ toasts })
