"""What the demo's members are called."""

FAMILY = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 "
    "斎藤 清水 山崎 森 池田 橋本 阿部 石川 前田 藤田 後藤 岡田 長谷川 村上 近藤 石井 髙橋 﨑山"
).split()
GIVEN = (
    "さくら 陽菜 葵 結衣 美咲 凛 花 優奈 真由美 恵子 由美 智子 陽翔 蓮 湊 大翔 悠真 樹 翔太 健一 "
    "誠 浩 隆 修 直樹 拓也 彩 愛 麻衣 千尋 遥 楓 光 薫 文 涼"
).split()
NICK = (
    "さくら🌸 ゆい はるちゃん けん☕ mika Taro Yuki あおい ハナ たくみ momo Ken Emma Lucas".split()
)
