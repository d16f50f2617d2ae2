"""The vocabulary of the demo bookshop: what titles, authors and readers of each genre are called."""

# genre → its themes; the words of a title tell the theme, which is finer than the genre and stands in no other column
THEMES: dict[str, dict[str, tuple[str, ...]]] = {
    "Fantasy": {
        "dragons": ("Dragon", "Wyrm", "Scale", "Hoard", "Ember"),
        "witchcraft": ("Witch", "Spell", "Cauldron", "Coven", "Charm"),
        "thrones": ("Throne", "Crown", "Kingdom", "Oath", "Banner"),
        "fae": ("Faerie", "Thorn", "Moonlit Court", "Changeling", "Bramble"),
    },
    "Science Fiction": {
        "space": ("Starship", "Orbit", "Nebula", "Void", "Colony"),
        "machines": ("Robot", "Android", "Circuit", "Automaton", "Algorithm"),
        "time": ("Paradox", "Chronometer", "Yesterday", "Loop", "Century"),
        "aliens": ("Alien", "Signal", "Visitor", "First Contact", "Hive"),
    },
    "Crime": {
        "detectives": ("Detective", "Inspector", "Clue", "Alibi", "Case"),
        "courtroom": ("Verdict", "Witness", "Jury", "Counsel", "Appeal"),
        "heists": ("Heist", "Vault", "Diamond", "Getaway", "Forger"),
        "noir": ("Murder", "Alley", "Corpse", "Blackmail", "Shadow"),
    },
    "Romance": {
        "weddings": ("Bride", "Wedding", "Proposal", "Bouquet", "Vow"),
        "seaside": ("Summer Kiss", "Seaside", "Cottage", "Sweetheart", "Beach"),
        "regency": ("Duke", "Ballroom", "Governess", "Scandal", "Viscount"),
        "office": ("Boss", "Deadline", "Coffee Date", "Crush", "Intern"),
    },
    "History": {
        "rome": ("Legion", "Caesar", "Forum", "Senate", "Gladiator"),
        "war": ("Trench", "Battle", "Regiment", "Armistice", "Siege"),
        "explorers": ("Voyage", "Expedition", "Compass", "Frontier", "Caravan"),
        "revolution": ("Revolution", "Republic", "Barricade", "Tyrant", "Manifesto"),
    },
    "Horror": {
        "ghosts": ("Ghost", "Haunting", "Séance", "Attic", "Whisper"),
        "vampires": ("Vampire", "Blood", "Coffin", "Fang", "Crypt"),
        "monsters": ("Beast", "Claw", "Swamp", "Howl", "Creature"),
        "cults": ("Cult", "Ritual", "Sacrifice", "Idol", "Prophecy"),
    },
    "Cooking": {
        "baking": ("Bread", "Pastry", "Sourdough", "Cake", "Oven"),
        "vegetables": ("Vegetable", "Lentil", "Salad", "Harvest", "Broth"),
        "spices": ("Curry", "Pepper", "Saffron", "Chilli", "Spice"),
        "grilling": ("Barbecue", "Grill", "Smokehouse", "Steak", "Flame"),
    },
    "Popular Science": {
        "physics": ("Quantum", "Gravity", "Particle", "Relativity", "Atom"),
        "brain": ("Brain", "Memory", "Neuron", "Habit", "Mind"),
        "nature": ("Evolution", "Forest", "Ocean", "Bird", "Gene"),
        "numbers": ("Number", "Proof", "Infinity", "Chance", "Geometry"),
    },
    "Travel": {
        "mountains": ("Summit", "Glacier", "Alpine Trail", "Ridge", "Base Camp"),
        "cities": ("Lisbon", "Kyoto", "Night Train", "Market", "Boulevard"),
        "desert": ("Desert", "Oasis", "Dune", "Nomad", "Sahara"),
        "sea": ("Island", "Harbour", "Sailor", "Lighthouse", "Tide"),
    },
    "Children": {
        "animals": ("Bear", "Rabbit", "Puppy", "Hedgehog", "Kitten"),
        "school": ("Classroom", "Teacher", "Playground", "Homework", "Lunchbox"),
        "pirates": ("Pirate", "Treasure", "Parrot", "Captain", "Map"),
        "bedtime": ("Pillow", "Lullaby", "Moon", "Blanket", "Dream"),
    },
}

# {} is a word of the theme
TITLES = (
    "The Last {}",
    "A {} in Winter",
    "The {} and I",
    "Beyond the {}",
    "The Secret {}",
    "Song of the {}",
    "The Silent {}",
    "A Brief {}",
    "The {} at Midnight",
    "Letters to a {}",
    "The Golden {}",
    "In Search of the {}",
)
FIRST_NAMES = (
    "Ada",
    "Bruno",
    "Clara",
    "Dario",
    "Elif",
    "Femi",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Kemi",
    "Lena",
    "Marco",
    "Nadia",
    "Oscar",
    "Priya",
)
LAST_NAMES = (
    "Abara",
    "Brandt",
    "Castell",
    "Dupont",
    "Eriksen",
    "Farouk",
    "Galanis",
    "Hoffmann",
    "Ivanova",
    "Jansen",
    "Kowal",
    "Lindqvist",
    "Moreau",
    "Nakata",
    "Okafor",
    "Petrov",
    "Quist",
    "Rossi",
    "Sandoval",
    "Tanaka",
)
AGES = ("under 25", "25-44", "45-64", "65 and over")
GENDERS = ("female", "male", "diverse")
