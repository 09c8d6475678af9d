/** Short, easy to say, and hard to take for one another: one for each value of a byte. Other clients have the same, in this order. */
export const WORDS: readonly string[] = [
  "acorn alarm album anchor apple arrow artist badge ball banana banjo barn basket beach beard beaver bell belt",
  "berry bicycle bird biscuit blanket blossom boat book boot bottle bread bridge brush bubble bucket butter",
  "button cabin cactus cake camel candle canoe carpet carrot castle cat chair cheese cherry chimney circus city",
  "clay clock cloud clover coat coconut coffee comet compass cookie copper coral corn cow crab crown cup curtain",
  "daisy dance deer desert diamond doctor dolphin donkey door dragon dream drum duck eagle earth egg elbow",
  "elephant engine family farmer feather finger fire fish flag flower flute forest fork fountain fox frog garden",
  "garlic giant giraffe glass glove goat gold goose grape grass guitar hammer harbor hat hawk heart helmet hill",
  "honey horse hotel house ice igloo iron island jacket jelly jewel jungle kettle key king kitchen kite knife",
  "ladder lake lamp lemon letter library lion lizard lobster lock magnet mango map marble market mask meadow",
  "melon milk mirror money monkey moon mountain mouse museum mushroom music needle nest night oak ocean olive",
  "onion orange oven owl paint palace panda paper parrot peach pearl pencil penguin pepper piano pigeon pillow",
  "pilot pirate planet pocket potato pumpkin puppet queen rabbit radio rainbow ribbon river robot rocket rose",
  "saddle sailor salt sandal school shadow shark sheep shell silver singer snow soap spider spoon squirrel star",
  "sugar summer sunset swan table teapot temple tiger tomato tower train treasure trumpet tulip turtle umbrella",
  "valley velvet violin volcano wagon walnut water whale wheel whistle window winter wizard wolf yellow zebra",
  "zipper",
].flatMap((line) => line.split(" "));
