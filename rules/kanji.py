"""Kanji that are written in several forms."""

#: Kanji that stand for one another in names: the first stands for all. The old forms are those of
#: the Jōyō table (常用漢字表, Cabinet notice 2 of 2010) that occur in names; the others are the
#: variants (異体字) that family registers and given names keep. The compatibility forms (神 福 祐)
#: are made alike by NFKC.
_KANJI = """
高髙 崎﨑嵜碕 斎斉齋齊斋亝 辺邊邉 浜濱濵 沢澤 広廣 国國圀囯 島嶋嶌㠀 富冨 吉𠮷 桑桒 柳栁桺 徳德悳
恵惠 栄榮 桜櫻 竜龍 亀龜 瀬瀨 寿壽 遥遙 尭堯 晋晉 鉄鐵鉃 関關 黒黑 静靜 真眞 橋槗𣘺 塩鹽 曽曾 弥彌
芦蘆 鴎鷗 頼賴 来來 姫姬 彦彥 産產 顔顏 礼禮 禄祿 穣穰 萌萠 凛凜 淵渕渊 鶴靏靍 刈苅 糸絲 埜野
秋穐龝 船舩 仙僊 巌巖巗 蛎蠣 槙槇 桧檜 薮藪 諫諌 籠篭 鯵鰺 壺壷 与與 予豫 余餘 館舘 峰峯 松枩 梅楳
杯盃 皐皋 晃晄 煕熙凞 喜㐂 哲喆 昇曻 昂昻 祢禰 祷禱 枡桝 倶俱 亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹
隠隱 営營 衛衞 駅驛 円圓 縁緣 艶艷 応應 欧歐 奥奧 横橫 温溫 穏穩 仮假 価價 画畫 会會 絵繪 壊壞
懐懷 拡擴 覚覺 学學 岳嶽 楽樂 缶罐 巻卷 勧勸 寛寬 歓歡 観觀 気氣 帰歸 亘亙 旧舊 拠據 挙擧 峡峽
狭狹 教敎 郷鄕 暁曉 区區 駆驅 勲勳 薫薰 径徑 茎莖 渓溪 経經 蛍螢 軽輕 継繼 鶏鷄 芸藝 撃擊 欠缺
県縣 倹儉 剣劍劔 険險 圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴 戸戶 呉吳 効效 恒恆 黄黃 鉱鑛 号號 済濟
歳歲 雑雜 参參 桟棧 蚕蠶 賛贊 残殘 歯齒 児兒 辞辭 湿濕 実實 写寫 釈釋 収收 従從 渋澁 獣獸 縦縱
粛肅 処處 緒緖 叙敍 尚尙 将將 称稱 渉涉 焼燒 証證 奨奬 条條 状狀 乗乘 浄淨 畳疊 縄繩 壌壤 嬢孃
譲讓 醸釀 触觸 嘱囑 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 枢樞 数數 声聲 青靑 清淸 摂攝 専專 浅淺
戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 壮壯 争爭 荘莊 捜搜 巣巢 装裝 総總 騒騷 増增 蔵藏 臓臟 属屬
続續 対對 体體 帯帶 台臺 滝瀧 択擇 担擔 単單 団團 断斷 弾彈 遅遲 虫蟲 昼晝 鋳鑄 庁廳 聴聽 鎮鎭
逓遞 点點 転轉 伝傳 灯燈 当當 党黨 稲稻 闘鬪 独獨 読讀 届屆 弐貳 悩惱 脳腦 覇霸 拝拜 廃廢 売賣
麦麥 発發 髪髮 抜拔 蛮蠻 秘祕 賓賔 仏佛 併倂 並竝 餅餠 変變 弁辨瓣辯 歩步 宝寶寳 豊豐 褒襃 翻飜
毎每 万萬 満滿 麺麵 黙默 訳譯 薬藥 誉譽 揺搖 様樣 謡謠 乱亂 覧覽 両兩 猟獵 緑綠 塁壘 励勵 霊靈
齢齡 暦曆 歴歷 恋戀 錬鍊 炉爐 労勞 朗朖 楼樓 録錄 湾灣 土圡 徴徵 内內 呂吕 卯夘 兎兔莵 飯飰 篠筱
那𨙻 虎乕 隣鄰 杉杦
"""


def _variants() -> dict[int, str]:
    groups = _KANJI.split()
    return {ord(other): group[0] for group in reversed(groups) for other in group[1:]}


#: By the number of a variant, the form that stands for all: as `str.translate` takes it.
VARIANTS = _variants()
