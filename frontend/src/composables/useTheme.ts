import { shallowRef, watch } from 'vue'
import { cookie, setCookie } from '../lib/cookies'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const saved = cookie('theme')
const theme = shallowRef<Theme>(themes.find((name) => name === saved) ?? 'system')

function apply(name: Theme): void {
  const { documentElement } = document
  // Without the attribute the stylesheet follows the system.
  if (name === 'system') documentElement.removeAttribute('data-theme')
  else documentElement.setAttribute('data-theme', name)
}
apply(theme.value)
watch(theme, (name) => {
  apply(name)
  setCookie('theme', name, name === 'system' ? 0 : 365)
})

export const useTheme = () => ({ theme, themes })
