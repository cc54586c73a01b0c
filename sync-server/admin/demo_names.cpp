#include "sync-server/admin/demo_names.hpp"

namespace roadbook::server::demo {
namespace {

constexpr std::array<Territory, territory_count> the_territories{{
    {"华东 East China", "CN-E", true, 1,
     {{{"上海", "上海", "200000", 312304, 1214737}, {"苏州", "江苏", "215000", 312990, 1205853},
       {"杭州", "浙江", "310000", 302741, 1201551}, {"宁波", "浙江", "315000", 298683, 1215440}}}},
    {"华北 North China", "CN-N", true, 1,
     {{{"北京", "北京", "100000", 399042, 1164074}, {"天津", "天津", "300000", 390842, 1172009},
       {"济南", "山东", "250000", 366512, 1171201}, {"青岛", "山东", "266000", 360671, 1203826}}}},
    {"华南 South China", "CN-S", true, 1,
     {{{"广州", "广东", "510000", 231291, 1132644}, {"佛山", "广东", "528000", 230218, 1131214},
       {"深圳", "广东", "518000", 225431, 1140579}, {"东莞", "广东", "523000", 230207, 1137518}}}},
    {"US East 美国东部", "US-E", false, 14,
     {{{"Boston", "MA", "02110", 423601, -710589}, {"Hartford", "CT", "06103", 417658, -726734},
       {"Philadelphia", "PA", "19103", 399526, -751652}, {"Pittsburgh", "PA", "15222", 404406, -799959}}}},
    {"US Central 美国中部", "US-C", false, 15,
     {{{"Chicago", "IL", "60606", 418781, -876298}, {"Milwaukee", "WI", "53202", 430389, -879065},
       {"Houston", "TX", "77002", 297604, -953698}, {"Dallas", "TX", "75201", 327767, -967970}}}},
    {"US West 美国西部", "US-W", false, 17,
     {{{"Seattle", "WA", "98101", 476062, -1223321}, {"Portland", "OR", "97204", 455152, -1226784},
       {"Oakland", "CA", "94612", 378044, -1222712}, {"San Diego", "CA", "92101", 327157, -1171611}}}},
}};

constexpr std::array<Person, people_count> the_people{{
    {"陈志远 Chen Zhiyuan", "manager", "General manager 总经理", -1},
    {"Laura Bennett", "manager", "Sales manager, America 美洲销售经理", head},
    {"周建国 Zhou Jianguo", "manager", "Service manager 服务经理", head},
    {"孙丽华 Sun Lihua", "dispatcher", "Dispatcher 调度员", service_manager},
    {"何静 He Jing", "finance", "Finance 财务", head},
    {"Peter Novak", "product_manager", "Product manager 产品经理", head},
    {"唐宇 Tang Yu", "admin", "Administrator 系统管理员", head},
    {"王伟 Wang Wei", "rep", "销售代表", head},
    {"李娜 Li Na", "rep", "销售代表", head},
    {"张强 Zhang Qiang", "rep", "销售代表", head},
    {"刘洋 Liu Yang", "rep", "高级销售代表", head},
    {"黄敏 Huang Min", "rep", "销售代表", head},
    {"林涛 Lin Tao", "rep", "销售代表", head},
    {"Michael Grant", "rep", "Sales representative", sales_manager},
    {"Sarah Whitman", "rep", "Senior sales representative", sales_manager},
    {"David Kowalski", "rep", "Sales representative", sales_manager},
    {"Emily Torres", "rep", "Sales representative", sales_manager},
    {"James Okafor", "rep", "Sales representative", sales_manager},
    {"Hannah Lindqvist", "rep", "Sales representative", sales_manager},
    {"赵鹏 Zhao Peng", "engineer", "现场工程师", service_manager},
    {"吴磊 Wu Lei", "engineer", "现场工程师", service_manager},
    {"徐静怡 Xu Jingyi", "engineer", "高级工程师", service_manager},
    {"郑浩 Zheng Hao", "engineer", "现场工程师", service_manager},
    {"Robert Hayes", "engineer", "Field engineer", service_manager},
    {"Carla Mendes", "engineer", "Field engineer", service_manager},
    {"Tom Brennan", "engineer", "Senior field engineer", service_manager},
    {"Nina Petrova", "engineer", "Field engineer", service_manager},
}};

constexpr Product the_products[] = {
    {"AC-07", "空气压缩机 7.5 kW / Air compressor 7.5 kW", "Compressors 压缩机", "台 set", 16'800, 2'450, true},
    {"AC-15", "空气压缩机 15 kW / Air compressor 15 kW", "Compressors 压缩机", "台 set", 28'500, 4'180, true},
    {"AC-37", "空气压缩机 37 kW / Air compressor 37 kW", "Compressors 压缩机", "台 set", 52'000, 7'650, true},
    {"AC-75", "变频空压机 75 kW / Variable-speed compressor 75 kW", "Compressors 压缩机", "台 set", 98'000, 14'300, true},
    {"DR-10", "冷冻式干燥机 / Refrigerated dryer 1 m3", "Air treatment 空气处理", "台 set", 6'900, 1'020, true},
    {"DR-60", "吸附式干燥机 / Adsorption dryer 6 m3", "Air treatment 空气处理", "台 set", 21'400, 3'120, true},
    {"TK-03", "储气罐 0.3 m3 / Air receiver 0.3 m3", "Air treatment 空气处理", "台 set", 1'950, 310, true},
    {"TK-10", "储气罐 1 m3 / Air receiver 1 m3", "Air treatment 空气处理", "台 set", 3'800, 590, true},
    {"VP-20", "旋片真空泵 / Rotary vane vacuum pump", "Pumps 泵", "台 set", 8'600, 1'290, true},
    {"VP-65", "螺杆真空泵 / Screw vacuum pump", "Pumps 泵", "台 set", 34'500, 5'040, true},
    {"CP-32", "离心泵 DN32 / Centrifugal pump DN32", "Pumps 泵", "台 set", 3'250, 480, true},
    {"CP-80", "离心泵 DN80 / Centrifugal pump DN80", "Pumps 泵", "台 set", 7'900, 1'170, true},
    {"DP-15", "计量泵 / Dosing pump", "Pumps 泵", "台 set", 4'450, 655, true},
    {"FM-25", "电磁流量计 DN25 / Magnetic flow meter DN25", "Instruments 仪表", "台 pc", 2'980, 445, true},
    {"FM-80", "电磁流量计 DN80 / Magnetic flow meter DN80", "Instruments 仪表", "台 pc", 4'200, 620, true},
    {"PT-16", "压力变送器 / Pressure transmitter", "Instruments 仪表", "只 pc", 860, 128, true},
    {"LT-05", "液位计 / Level gauge", "Instruments 仪表", "只 pc", 1'340, 199, true},
    {"CT-10", "智能控制柜 / Control cabinet", "Controls 控制", "台 set", 12'600, 1'850, true},
    {"CT-20", "远程监控网关 / Remote monitoring gateway", "Controls 控制", "台 set", 3'600, 540, true},
    {"SP-OF", "油过滤器 / Oil filter", "Spare parts 备件", "只 pc", 128, 19, false},
    {"SP-AF", "空气过滤器 / Air filter", "Spare parts 备件", "只 pc", 165, 25, false},
    {"SP-OS", "油分离芯 / Oil separator", "Spare parts 备件", "只 pc", 480, 72, false},
    {"SP-BT", "传动皮带 / Drive belt", "Spare parts 备件", "条 pc", 96, 15, false},
    {"SP-SE", "机械密封 / Mechanical seal", "Spare parts 备件", "套 set", 320, 48, false},
    {"SP-BR", "轴承组件 / Bearing kit", "Spare parts 备件", "套 set", 760, 115, false},
    {"SP-VL", "进气阀维修包 / Inlet valve kit", "Spare parts 备件", "套 set", 540, 82, false},
    {"SP-SN", "温度传感器 / Temperature sensor", "Spare parts 备件", "只 pc", 145, 22, false},
    {"SU-OL", "压缩机润滑油 20 L / Compressor oil 20 l", "Supplies 耗材", "桶 can", 690, 104, false},
    {"SU-CL", "管路清洗剂 5 L / Pipe cleaner 5 l", "Supplies 耗材", "桶 can", 185, 28, false},
    {"SU-HS", "耐压软管 10 m / Pressure hose 10 m", "Supplies 耗材", "卷 roll", 260, 39, false},
};

constexpr const char* zh_brands[] = {
    "恒信", "华泰", "金龙", "瑞丰", "博远", "天成", "宏达", "永盛", "联创", "东方", "新科", "海纳", "鼎盛", "明德", "嘉禾", "双赢", "凯旋", "长城", "盛世", "德润",
    "蓝天", "远航", "正源", "汇通", "中诚", "佳美", "安泰", "飞跃", "百川", "福临", "广源", "信达", "卓越", "同力", "众合", "万通", "启明", "三江", "大成", "泰和"};
constexpr const char* zh_trades[] = {
    "机械", "食品", "包装", "纺织", "电子", "制药", "化工", "塑料", "汽车零部件", "印刷", "饮料", "陶瓷", "五金", "环保", "新材料", "模具", "家具", "造纸", "水务", "医疗器械", "玻璃",
    "电气"};
constexpr const char* zh_forms[] = {"有限公司", "股份有限公司", "集团", "制造厂", "科技有限公司", "实业有限公司", "工业有限公司", "设备有限公司", "贸易有限公司", "技术有限公司"};
constexpr const char* zh_streets[] = {"人民路", "解放路", "工业大道", "中山路", "建设路", "科技园路", "创新路", "长江路", "和平路", "迎宾大道"};
constexpr const char* zh_surnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗"};
constexpr const char* zh_given[] = {
    "伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "明", "超", "秀兰", "霞", "平", "刚", "桂英", "文博", "思远", "雨桐"};
constexpr const char* zh_titles[] = {"采购经理", "设备主管", "生产厂长", "总经理", "工程部经理", "维修主管"};
constexpr const char* zh_purposes[] = {"季度回访", "新设备介绍", "报价跟进", "合同续签", "用气需求调查", "库存备件盘点"};
constexpr const char* zh_outcomes[] = {"客户对能耗数据感兴趣", "客户要求更新报价", "客户下月确定预算", "目前设备运行正常", "客户正在比较另一家供应商", "客户计划扩建二期车间"};
constexpr const char* zh_next[] = {"发送技术参数表", "安排现场测量", "下周电话跟进", "准备备件清单", "邀请参观样板工厂"};
constexpr const char* zh_promises[] = {"三天内提供正式报价", "提供能耗对比表", "安排工程师上门检查", "寄送样品滤芯"};
constexpr const char* zh_repairs[] = {"机组排气温度过高", "出口压力不足", "轴封漏油", "控制柜报警", "电机异响"};
constexpr const char* zh_reports[] = {"已更换磨损件，试运行两小时正常。", "已清洗冷却器并校准传感器。", "已按清单完成检查，参数正常。"};

constexpr const char* en_brands[] = {
    "Summit", "Harbor", "Granite", "Redwood", "Keystone", "Pioneer", "Lakeside", "Northern", "Cascade", "Beacon", "Ironbridge", "Maple",
    "Sterling", "Frontier", "Blue Ridge", "Liberty", "Crescent", "Falcon", "Evergreen", "Copper Hill",
    "Stonegate", "Riverside", "Atlas", "Union", "Bayview", "Clearwater", "Hawthorne", "Meridian", "Oakfield", "Prairie", "Silver Creek",
    "Tidewater", "Vanguard", "Westbrook", "Zenith", "Amber", "Brookline", "Delta", "Eastgate", "Foxglove"};
constexpr const char* en_trades[] = {
    "Machine", "Foods", "Packaging", "Textile", "Electronics", "Pharma", "Chemical", "Plastics", "Auto Parts", "Printing", "Beverage",
    "Ceramics", "Hardware", "Environmental", "Materials", "Tooling", "Furniture", "Paper", "Water", "Medical", "Glass", "Electric"};
constexpr const char* en_forms[] = {"Inc.", "Works", "Corp.", "LLC", "Company", "Industries", "Group", "& Sons", "Manufacturing", "Partners"};
constexpr const char* en_streets[] = {
    "Main Street", "Industrial Parkway", "Oak Avenue", "Mill Road", "Commerce Drive", "River Road", "Second Street", "Depot Lane",
    "Foundry Street", "Park Avenue"};
constexpr const char* en_surnames[] = {
    "Smith", "Johnson", "Miller", "Davis", "Garcia", "Wilson", "Anderson", "Taylor", "Thomas", "Moore", "Jackson", "Martin", "Lee",
    "Thompson", "White", "Harris", "Clark", "Lewis", "Young", "Walker"};
constexpr const char* en_given[] = {
    "James", "Mary", "Robert", "Linda", "John", "Susan", "William", "Karen", "Richard", "Nancy", "Joseph", "Lisa", "Charles", "Betty",
    "Daniel", "Helen", "Mark", "Sandra", "Paul", "Donna", "Steven", "Carol", "Kevin", "Ruth"};
constexpr const char* en_titles[] = {
    "Purchasing manager", "Maintenance lead", "Plant manager", "Managing director", "Head of engineering", "Facilities manager"};
constexpr const char* en_purposes[] = {
    "Quarterly review", "Show the new range", "Follow up on the quote", "Renew the contract", "Survey of air demand",
    "Count the spare parts"};
constexpr const char* en_outcomes[] = {
    "Interested in the energy figures", "Asks for a new quote", "Budget is decided next month", "Machines run well",
    "Compares us with another supplier", "Plans a second hall"};
constexpr const char* en_next[] = {
    "Send the data sheet", "Arrange a measurement on site", "Call next week", "Prepare a list of spare parts",
    "Invite to the reference plant"};
constexpr const char* en_promises[] = {
    "A firm quote within three days", "A comparison of energy use", "An engineer's visit", "Sample filters by post"};
constexpr const char* en_repairs[] = {
    "Discharge temperature too high", "Outlet pressure too low", "Shaft seal leaks oil", "Control cabinet shows an alarm",
    "Motor makes a noise"};
constexpr const char* en_reports[] = {
    "Replaced the worn parts; two hours of trial run without a fault.", "Cleaned the cooler and calibrated the sensors.",
    "Checked by the list; all values in range."};

constexpr Words zh_words{zh_brands, zh_trades, zh_forms, zh_streets, zh_surnames, zh_given, zh_titles,
                         zh_purposes, zh_outcomes, zh_next, zh_promises, zh_repairs, zh_reports};
constexpr Words en_words{en_brands, en_trades, en_forms, en_streets, en_surnames, en_given, en_titles,
                         en_purposes, en_outcomes, en_next, en_promises, en_repairs, en_reports};

} // namespace

const std::array<Territory, territory_count>& territories() noexcept { return the_territories; }
const std::array<Person, people_count>& people() noexcept { return the_people; }
std::span<const Product> products() noexcept { return the_products; }
const Words& words(bool is_chinese) noexcept { return is_chinese ? zh_words : en_words; }

} // namespace roadbook::server::demo
