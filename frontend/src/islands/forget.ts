import { keepOnlyFor } from '../lib/kept'

keepOnlyFor('')
