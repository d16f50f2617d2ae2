"""What a dataset is called after a file whose name is Chinese: the words that files are mostly called by, in English.

>>> in_english("订单数据"), in_english("2024年借阅流水"), in_english("甲乙")
('orders', '2024-loans', None)
"""

import re

_WORDS = {
    "订单": "orders", "订购": "orders", "销售": "sales", "购买": "purchases", "购物": "purchases", "消费": "purchases", "交易": "transactions", "支付": "payments", "付款": "payments", "退货": "returns", "购物车": "carts", "加购": "carts",
    "点击": "clicks", "浏览": "views", "曝光": "impressions", "访问": "visits", "搜索": "searches", "播放": "plays", "听歌": "listens", "收听": "listens", "观看": "watched", "阅读": "reads", "下载": "downloads", "收藏": "favourites", "点赞": "likes", "喜欢": "likes", "签到": "checkins", "借阅": "loans", "借书": "loans", "租借": "rentals", "预订": "bookings", "预约": "bookings", "选课": "enrolments", "外卖": "deliveries",
    "评分": "ratings", "打分": "ratings", "评论": "reviews", "评价": "reviews", "反馈": "feedback", "行为": "events", "事件": "events", "互动": "interactions", "交互": "interactions",
    "用户": "users", "客户": "customers", "顾客": "customers", "会员": "members", "读者": "readers", "买家": "buyers", "学生": "students",
    "商品": "products", "产品": "products", "物品": "items", "电影": "films", "影片": "films", "视频": "videos", "音乐": "music", "歌曲": "songs", "图书": "books", "书籍": "books", "新闻": "news", "文章": "articles", "课程": "courses", "游戏": "games", "餐厅": "restaurants", "菜品": "dishes", "酒店": "hotels", "门店": "stores", "店铺": "shops", "商店": "shop", "俱乐部": "club", "图书馆": "library",
    "测试": "test", "训练": "train", "样本": "sample", "示例": "sample", "日志": "log", "最新": "latest", "每日": "daily", "每月": "monthly",
}  # fmt: skip
_SAYS_LITTLE = (
    "数据集",
    "数据",
    "记录",
    "流水",
    "明细",
    "历史",
    "信息",
    "表格",
    "文件",
    "列表",
    "汇总",
    "导出",
    "年",
    "月",
    "日",
    "份",
    "的",
    "表",
)
_LONGEST = max(map(len, (*_WORDS, *_SAYS_LITTLE)))
_HAN = re.compile("[\u3400-\u9fff]")


def is_chinese_name(stem: str) -> bool:
    """Whether a file's name, without its ending, holds Chinese signs."""
    return _HAN.search(stem) is not None


def in_english(stem: str) -> str | None:
    """Its words in English, joined by `-`; None where none is known. Words that are not known are left out."""
    parts: list[str] = []
    place, is_known = 0, False
    while place < len(stem):
        for size in range(min(_LONGEST, len(stem) - place), 0, -1):
            piece = stem[place : place + size]
            if (word := _WORDS.get(piece)) is not None:
                parts.append(f"-{word}-")
                is_known = True
                break
            if piece in _SAYS_LITTLE:
                parts.append("-")
                break
        else:
            size = 1
            sign = stem[place]
            parts.append(sign if re.match(r"[A-Za-z0-9._-]", sign) else "-")
            is_known = is_known or re.match(r"[A-Za-z]", sign) is not None
        place += size
    name = re.sub(r"[._]*-[._-]*", "-", "".join(parts)).strip("-._")
    return name if is_known and name else None
