// `random.Random` of Python, as much as variants need: the generator MT19937 (Mersenne Twister),
// seeded and read as CPython does. Names follow its `_randommodule.c`.

const SIZE = 624;
const SHIFT = 397;

// Gives a function that draws numbers from 0 to 1, with 53 bits, from a whole number.
export function randomFrom(seed) {
  const [low, high] = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
  const state = seeded(high ? [low, high] : [low]);
  let place = SIZE;
  const word = () => {
    if (place === SIZE) {
      twist(state);
      place = 0;
    }
    let y = state[place++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  return () => {
    const [high, low] = [word() >>> 5, word() >>> 6];
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
}

// `init_by_array` of the reference implementation.
function seeded(key) {
  const state = new Uint32Array(SIZE);
  const mix = (i, factor) => Math.imul(state[i - 1] ^ (state[i - 1] >>> 30), factor);
  state[0] = 19650218;
  for (let i = 1; i < SIZE; i++) state[i] = mix(i, 1812433253) + i;
  let i = 1;
  const next = () => {
    i += 1;
    if (i === SIZE) {
      state[0] = state[SIZE - 1];
      i = 1;
    }
  };
  for (let k = 0; k < SIZE; k++, next()) {
    const j = k % key.length;
    state[i] = (state[i] ^ mix(i, 1664525)) + key[j] + j;
  }
  for (let k = 1; k < SIZE; k++, next()) state[i] = (state[i] ^ mix(i, 1566083941)) - i;
  state[0] = 0x80000000;
  return state;
}

function twist(state) {
  for (let k = 0; k < SIZE; k++) {
    const y = (state[k] & 0x80000000) | (state[(k + 1) % SIZE] & 0x7fffffff);
    const turned = (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    state[k] = state[(k + SHIFT) % SIZE] ^ turned;
  }
}
