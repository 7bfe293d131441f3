"""The kinds of offices and the uses that Chinese stamps name: what follows a place's name on most of them.

The kinds are those of the provinces', cities', counties' and towns' organs since 2018, and of those before.
"""

from __future__ import annotations

_OF_ALL_LEVELS = (
    "发展和改革 教育 教育体育 教育和体育 科学技术 科技 工业和信息化 经济和信息化 民族宗教事务 公安 民政 司法 财政 "
    "人力资源和社会保障 自然资源 自然资源和规划 国土资源 生态环境 环境保护 住房和城乡建设 交通运输 交通 水利 水务 "
    "农业农村 农业 农牧 畜牧兽医 林业 林业和草原 园林绿化 商务 文化和旅游 文化广电和旅游 文化广电旅游 "
    "文化广电新闻出版 文化旅游广电 体育 卫生健康 卫生 卫生和计划生育 退役军人事务 应急管理 安全生产监督管理 审计 "
    "市场监督管理 工商行政管理 质量技术监督 食品药品监督管理 统计 医疗保障 信访 乡村振兴 行政审批 行政审批服务 "
    "行政服务 政务服务 政务服务管理 政务服务和大数据管理 大数据 大数据管理 大数据发展 数据 机关事务管理 机关事务 "
    "粮食和物资储备 粮食 地方金融监督管理 金融工作 人民防空 城市管理 城市管理综合执法 综合行政执法 城乡规划 规划 "
    "房产管理 住房保障 公积金管理 扶贫 移民 海洋与渔业 海洋发展 投资促进 招商 税务 国家税务 地方税务 气象 邮政管理 "
    "烟草专卖 知识产权 档案 广播电视 新闻出版 外事 侨务 口岸 地震"
)
_OTHERS = (
    "人民政府 人民政府办公室 街道办事处 镇人民政府 乡人民政府 发展和改革委员会 发展改革委员会 卫生健康委员会 "
    "卫生和计划生育委员会 民族事务委员会 民族宗教事务委员会 国有资产监督管理委员会 住房和城乡建设委员会 "
    "经济和信息化委员会 农业农村委员会 交通运输委员会 规划和自然资源委员会 科学技术委员会 商务委员会 教育委员会 "
    "城市管理委员会 监察委员会 纪律检查委员会 机构编制委员会 机构编制委员会办公室 网络安全和信息化委员会办公室 "
    "地方志编纂委员会办公室 人民代表大会常务委员会 政治协商会议 管理委员会 经济开发区管理委员会 "
    "经济技术开发区管理委员会 高新技术产业开发区管理委员会 风景名胜区管理委员会 村民委员会 居民委员会 "
    "扶贫开发办公室 人民防空办公室 金融工作办公室 政务公开办公室 政务公开领导小组办公室 信息公开办公室 "
    "机关事务服务中心 机关事务管理中心 政务服务中心 行政服务中心 公共资源交易中心 融媒体中心 大数据中心 "
    "住房公积金管理中心 疾病预防控制中心 社会保险事业管理局 党史研究室 档案馆 图书馆 文化馆 博物馆 "
    "供销合作社 供销合作社联合社 残疾人联合会 红十字会 妇女联合会 总工会 工商业联合会 科学技术协会 "
    "文学艺术界联合会 归国华侨联合会 人民法院 人民检察院 公安分局 派出所 交通警察大队 消防救援大队 消防救援支队 "
    "人民医院 中医医院 妇幼保健院"
)
_HALLS = " ".join(kind + "厅" for kind in _OF_ALL_LEVELS.split()) + " 人民政府办公厅"
OFFICES = frozenset((*(kind + "局" for kind in _OF_ALL_LEVELS.split()), *_OTHERS.split()))
"""What names of offices end with, those of provinces aside:"""
HALLS = frozenset(_HALLS.split())
"""their offices have another rank."""
FOR_USE = "专用章"
_USES = (
    "业务 合同 财务 行政 行政审批 行政许可 行政执法 行政处罚 行政复议 审批 信息公开 政府信息公开 政务公开 "
    "依申请公开 公文 电子公文 办公 办事 发票 收费 票据 收文 发文 收发 收发文 文件 档案 档案管理 人事 人事档案 印鉴 "
    "骑缝 登记 注册 受理 查询 证明 户口 户籍 身份证 婚姻登记 不动产登记 土地登记 政务服务 财务结算 结算 现金 国库 "
    "预算 统计 考试 培训 学籍 报名 招生 教务 毕业证 医疗 处方 诊断证明 病历 检验 检测 检验检测 检测报告 质检 质量 "
    "验收 仓库 采购 招标 投标 工程 项目 技术 设计 出图 竣工图 施工图审查 审核 审查 校对 物流 运输 服务 售后 电子 "
    "网络 管理 工作 党费 工会财务 信访 法律 执法 复核 鉴定 公证 备案 复印"
)
USES = frozenset(use + FOR_USE for use in _USES.split())
"""What stamps for one use say below the name of their office."""


def kind_of_office(name: str) -> str | None:
    """The longest kind of office that a name ends with, None for one that is not listed."""
    return next((name[i:] for i in range(len(name)) if name[i:] in OFFICES or name[i:] in HALLS), None)
