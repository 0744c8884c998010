// What can wait: while the pointer is down, an animation frame has time for little.

const OFTEN_ENOUGH = 100; // milliseconds: digits that change faster cannot be read

// Shows something now and then while the pointer is down, and otherwise at once.
export function seldom(show) {
  let timer;
  let latest;
  return (facts) => {
    latest = facts;
    if (!facts.pressed) {
      clearTimeout(timer);
      timer = undefined;
      show(facts);
    } else {
      timer ??= setTimeout(() => {
        timer = undefined;
        show(latest);
      }, OFTEN_ENOUGH);
    }
  };
}

// What is wanted only now and then is loaded then. `load` gives a function that shows something;
// from the first time that it is `wanted` on, it shows whatever comes.
export function later(wanted, load) {
  let show;
  let loading;
  let latest;
  return (facts) => {
    latest = facts;
    if (!loading && wanted(facts)) {
      loading = load().then((part) => {
        show = part;
        show(latest);
      });
    }
    show?.(facts);
  };
}
