"""A programme that asks members about themselves, for tests at every door."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
CAFE = (ROOT / "program.toml").read_text(encoding="utf-8")
CONSENT = "健康に関わることが含まれるかもしれません。ご案内を選ぶためにだけ使います。"

_STEPS = f"""
[[profile.steps]]
id = "name"
purpose = {{ ja = "お呼びするときに使います。", en = "To call you by it." }}

[[profile.steps]]
id = "kana"
purpose = {{ ja = "お名前を正しくお呼びするために使います。" }}

[[profile.steps]]
id = "age_band"
purpose = {{ ja = "品ぞろえの参考にします。" }}
choices = [
  {{ id = "under_30", name = {{ ja = "20代まで", en = "up to 29" }} }},
  {{ id = "over_30", name = {{ ja = "30代から", en = "30 and over" }} }},
]

[[profile.steps]]
id = "interests"
purpose = {{ ja = "ご案内を選ぶために使います。" }}
consent = {{ ja = "{CONSENT}" }}
choices = [
  {{ id = "back", name = {{ ja = "腰痛の改善", en = "a better back" }} }},
  {{ id = "sauna", name = {{ ja = "サウナ", en = "sauna" }} }},
]

[[profile.steps]]
id = "phone"
purpose = {{ ja = "カードをお忘れのときに、お探しするために使います。" }}

[[profile.steps]]
id = "address"
purpose = {{ ja = "お手紙をお送りするために使います。" }}
"""
_RULES = """
[[earning]]
id = "told_name"
name = { ja = "お名前のご登録", en = "Your name" }
on = "profile"
step = "name"
award = { kind = "fixed", points = 7 }

[[earning]]
id = "told_phone"
name = { ja = "電話番号のご登録", en = "Your number" }
on = "profile"
step = "phone"
award = { kind = "fixed", points = 20 }

[[earning]]
id = "told_interests"
name = { ja = "ご興味のご登録", en = "Your interests" }
on = "profile"
step = "interests"
award = { kind = "fixed", points = 5 }
"""
#: The café, which asks for all but area, gender and birthday.
ASKING = CAFE.replace("\n[privacy]\n", f"{_STEPS}\n[privacy]\n", 1) + _RULES
#: As many points as telling all of it brings there, the whole profile's 30 included.
WHOLE = 7 + 20 + 5 + 30
ADDRESS = "〒150-0002 東京都渋谷区渋谷１−２−３"
