import type { Random } from '#media/scenes/random';

const WORDS =
  'OPEN DAILY COFFEE MARKET STREET STATION EXIT NORTH SOUTH LEVEL PARKING SALE FRESH BREAD HOTEL GARDEN RIVER BRIDGE MUSEUM TICKETS PLATFORM CENTRAL AIRPORT WELCOME NOTICE PRIVATE LIBRARY HARBOUR SUMMER WINTER THEATRE BAKERY PHARMACY CINEMA MORNING EVENING TODAY TONIGHT QUIET PLEASE MIND YOUR STEP TAXI BUS ONLY';

/** One to three words, now and then with a number, as signs and titles say. */
export function inventText(random: Random, most = 3): string {
  const words = Array.from({ length: random.int(1, most) }, () => random.pick(WORDS.split(' ')));
  if (random.chance(0.3)) words.push(String(random.int(10, 2099)));
  // One short word is too little to be sure of anything.
  return words.join('').length < 5
    ? `${words.join(' ')} ${random.pick(['MARKET', 'STATION', 'GARDEN'])}`
    : words.join(' ');
}
