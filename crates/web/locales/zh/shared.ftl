# Texts which the storefront and both consoles share.

house-name = Guildhall
seller-centre = 商家中心
operator-console = 平台工作台
language-en = English
language-zh = 中文
theme-light = 浅色
theme-dark = 深色
skip-to-content = 跳到正文
sign-in = 登录
sign-out = 退出登录

## Places
nav-main = 主导航
nav-menu = 菜单
nav-home = 首页
nav-orders = 订单
nav-products = 商品
nav-money = 资金
nav-settings = 设置
nav-shops = 店铺
nav-ledger = 账本
nav-policy = 规则
nav-system = 系统
nav-my-orders = 我的订单
nav-account = 账户
nav-basket = 购物车
palette-open = 前往…
palette-placeholder = 输入页面名称或订单号
palette-keys = 先按 g 再按字母可跳转 · / 搜索 · ? 显示本列表 · Esc 关闭

## Order states
order-unpaid = 待付款
order-on-hold = 免费取消期
order-awaiting-confirmation = 待确认
order-awaiting-shipment = 待发货
order-partially-shipped = 部分发货
order-awaiting-collection = 待揽收
order-in-transit = 运输中
order-delivered = 已送达
order-completed = 已完成
order-settled = 已结算
order-cancelled = 已取消

## Payment states
payment-requested = 等待付款
payment-authorised = 已授权
payment-captured = 已付款
payment-failed = 付款失败
payment-partly-refunded = 部分退款
payment-refunded = 已退款

## Parcel states
parcel-open = 待打包
parcel-packed = 已打包
parcel-label-bought = 已购面单
parcel-handed-over = 已交运
parcel-in-transit = 运输中
parcel-delivered = 已送达
parcel-lost = 已丢失
parcel-damaged = 已损坏
parcel-returned = 已退回

## Moments and lengths of time
moment-day = { $year }年{ $month }月{ $day }日
moment-with-clock = { $day } { $clock }
month-short-1 = 1
month-short-2 = 2
month-short-3 = 3
month-short-4 = 4
month-short-5 = 5
month-short-6 = 6
month-short-7 = 7
month-short-8 = 8
month-short-9 = 9
month-short-10 = 10
month-short-11 = 11
month-short-12 = 12
time-just-now = 刚刚
time-in-minutes = { $count } 分钟后
time-in-hours = { $count } 小时后
time-in-days = { $count } 天后
time-minutes-ago = { $count } 分钟前
time-hours-ago = { $count } 小时前
time-days-ago = { $count } 天前
length-moment = 不到 1 分
length-minutes = { $minutes } 分
length-hours = { $hours } 小时 { $minutes } 分
length-hours-whole = { $hours } 小时
length-days = { $days } 天 { $hours } 小时
length-days-whole = { $days } 天
countdown-left = 剩 { $length }
countdown-late = 超时 { $length }
# Days, hours, minutes, less than a minute: the script's words for lengths, parted by bars.
countdown-units = 天|小时|分|不到 1 分

## Lists
list-views = 已存视图
list-filter = 筛选
list-clear = 清除
list-choose = 勾选多行可批量处理
list-chosen = 已选 { $count } 行
list-choose-all = 全选
list-choose-row = 选择 { $key }
list-pages = 翻页
list-first = 第一页
list-next = 下一页
list-csv = 导出 CSV

## Forms
field-optional = 选填
form-to-put-right = 有 { $count } 处需要改正
confirm-money = 涉及金额
confirm-no = 不，返回
problem-instead = 您可以：

## Things to copy, look up and follow
copied = 已复制
copy-this = 复制 { $text }
timeline-expected = 预计{ $what }
timeline-by-itself = 到期自动

## The due queue
due-overdue = { $count } 项超时
due-next = 最近一项：{ $when }
due-nothing = 暂无待办

## The storefront
store-search = 搜索商品和店铺
store-search-go = 搜索
store-quantity = 数量
store-update = 更新
store-reply = 店铺回复
store-sold-out = 已售罄
store-review-count = （{ $count }）
store-foot-promise = 在您收到货之前，替您保管货款。
