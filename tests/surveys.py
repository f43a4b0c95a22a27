"""Surveys to be put behind a programme in tests: one of each kind."""

SURVEYS = """
[[surveys]]
id = "hopes"
kind = "expectation"
title = { ja = "はじめてのご来店の前に", en = "Before your first visit" }
[[surveys.questions]]
id = "rest"
kind = "scale"
text = { ja = "ほっとできそうですか", en = "Do you expect a good rest?" }
least_means = { ja = "あまり", en = "Hardly" }
most_means = { ja = "とても", en = "Very much" }

[[surveys]]
id = "first_cup"
kind = "experience"
of = "hopes"
title = { ja = "はじめてのご来店について", en = "Your first visit" }
[[surveys.questions]]
id = "rest"
kind = "scale"
text = { ja = "ほっとできましたか", en = "Did you have a good rest?" }

[[surveys]]
id = "visit"
kind = "satisfaction"
title = { ja = "先日のご来店について", en = "Your last visit" }
is_feedback = true
[[surveys.questions]]
id = "content"
kind = "scale"
text = { ja = "ご満足いただけましたか", en = "Were you content?" }
[[surveys.questions]]
id = "seat"
kind = "choice"
text = { ja = "どちらのお席でしたか", en = "Where did you sit?" }
choices = [
  { id = "window", name = { ja = "窓ぎわ", en = "At the window" } },
  { id = "counter", name = { ja = "カウンター", en = "At the counter" } },
]
[[surveys.questions]]
id = "body"
kind = "scale"
text = { ja = "お体の調子はいかがですか", en = "How is your health?" }
consent = { ja = "お体のことは、席のご用意のためだけに使います。", en = "For your seat only." }
[[surveys.questions]]
id = "why"
kind = "words"
text = { ja = "そのわけをお聞かせください", en = "Why?" }

[[surveys]]
id = "recommend"
kind = "nps"
title = { ja = "おすすめ度", en = "Would you recommend us?" }
[[surveys.questions]]
id = "score"
kind = "scale"
least = 0
most = 10
text = { ja = "ご友人にすすめたいと思いますか", en = "Would you recommend us to a friend?" }

[[surveys]]
id = "tasters"
kind = "monitor"
ranks = ["gold"]
title = { ja = "新しい豆の試飲", en = "Tasting new beans" }
[[surveys.questions]]
id = "taste"
kind = "words"
text = { ja = "味はいかがでしたか", en = "How did it taste?" }
"""
#: The messages that ask them.
ASKING = """
[[journeys]]
id = "thanks"
kind = "after_visit"
visits_min = 1
survey = "visit"
[[journeys]]
kind = "anniversary"
survey = "recommend"
"""
#: What makes the café's message after the first visit ask how it was.
FIRST_VISIT = ('kind = "first_visit" ', 'kind = "first_visit"\nsurvey = "first_cup" ')
