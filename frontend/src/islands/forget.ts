import { clearUnlessReadBy } from '../lib/readCache'

clearUnlessReadBy('')
