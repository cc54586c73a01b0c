<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AccountPage</name>
    <message>
        <source>Customer</source>
        <translation>客户</translation>
    </message>
    <message>
        <source>New visit</source>
        <translation>新建拜访</translation>
    </message>
    <message>
        <source>Something here needs a decision</source>
        <translation>这里有内容需要您决定</translation>
    </message>
    <message>
        <source>Two people wrote different things. Both are kept until one is chosen.</source>
        <translation>两个人填写了不同的内容。在选定之前，两者都会保留。</translation>
    </message>
    <message>
        <source>Decide now</source>
        <translation>现在决定</translation>
    </message>
    <message>
        <source>To send</source>
        <translation>待发送</translation>
    </message>
    <message>
        <source>Call %1</source>
        <translation>拨打 %1</translation>
    </message>
    <message>
        <source>Visits</source>
        <translation>拜访</translation>
    </message>
    <message>
        <source>No visit yet. Plan the first one below.</source>
        <translation>还没有拜访。可在下方安排第一次。</translation>
    </message>
    <message>
        <source>Quotes</source>
        <translation>报价单</translation>
    </message>
    <message>
        <source>No quote yet.</source>
        <translation>还没有报价单。</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>No order yet.</source>
        <translation>还没有订单。</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>联系人</translation>
    </message>
    <message>
        <source>Nobody is known there yet.</source>
        <translation>还没有联系人。</translation>
    </message>
    <message>
        <source>No longer on this device</source>
        <translation>已不在这台设备上</translation>
    </message>
    <message>
        <source>This customer was handed over or removed. What you saved before has been kept.</source>
        <translation>这个客户已移交他人或被删除。您之前保存的内容都已保留。</translation>
    </message>
    <message>
        <source>Back to the customers</source>
        <translation>返回客户列表</translation>
    </message>
    <message>
        <source>This customer cannot be read</source>
        <translation>无法读取这个客户</translation>
    </message>
    <message>
        <source>What the server has is safe. Close the app and open it again; if it stays, ask your administrator.</source>
        <translation>服务器上的内容是安全的。请关闭应用再打开；如果仍然如此，请联系管理员。</translation>
    </message>
</context>
<context>
    <name>AppRoot</name>
    <message>
        <source>Customers</source>
        <translation>客户</translation>
    </message>
    <message>
        <source>Sync</source>
        <translation>同步</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Decided. What was not chosen stays in the history.</source>
        <translation>已决定。未选的内容保留在历史记录中。</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Show details</source>
        <translation>显示详情</translation>
    </message>
</context>
<context>
    <name>CustomersPage</name>
    <message>
        <source>Customers</source>
        <translation>客户</translation>
    </message>
    <message>
        <source>Name, city, phone or code</source>
        <translation>名称、城市、电话或编号</translation>
    </message>
    <message>
        <source>All customers</source>
        <translation>全部客户</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>No customers here yet</source>
        <translation>这里还没有客户</translation>
    </message>
    <message>
        <source>The customers of your territories come with the first sync.</source>
        <translation>您销售区域内的客户会在第一次同步时到达。</translation>
    </message>
    <message>
        <source>Open sync</source>
        <translation>打开同步</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>No customer on this device matches &quot;%1&quot;.</source>
        <translation>本机没有与“%1”匹配的客户。</translation>
    </message>
    <message>
        <source>Clear search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>The customers cannot be read</source>
        <translation>无法读取客户</translation>
    </message>
    <message>
        <source>What the server has is safe. Close the app and open it again; if it stays, ask your administrator.</source>
        <translation>服务器上的内容是安全的。请关闭应用再打开；如果仍然如此，请联系管理员。</translation>
    </message>
</context>
<context>
    <name>Failure</name>
    <message>
        <source>This server could not prove who it is</source>
        <translation>这台服务器无法证明自己的身份</translation>
    </message>
    <message>
        <source>Nothing was sent. Compare the fingerprint with the one your administrator gave you.</source>
        <translation>没有发送任何内容。请核对指纹与管理员给您的是否一致。</translation>
    </message>
    <message>
        <source>There is something else at this address</source>
        <translation>这个地址不是 Roadbook 服务器</translation>
    </message>
    <message>
        <source>It answered, but not as a Roadbook server. Check the address.</source>
        <translation>对方有应答，但不是 Roadbook 服务器。请检查地址。</translation>
    </message>
    <message>
        <source>App and server are of different versions</source>
        <translation>应用与服务器版本不一致</translation>
    </message>
    <message>
        <source>Your work is safe on this device. Update the app, then sync again.</source>
        <translation>您的工作已安全保存在本机。请更新应用后再同步。</translation>
    </message>
    <message>
        <source>The server is busy</source>
        <translation>服务器繁忙</translation>
    </message>
    <message>
        <source>Your work is safe on this device. The app tries again by itself.</source>
        <translation>您的工作已安全保存在本机。应用会自动重试。</translation>
    </message>
    <message>
        <source>The server cannot be reached</source>
        <translation>无法连接服务器</translation>
    </message>
    <message>
        <source>Your work is safe on this device. Check the network and the address; the app keeps trying.</source>
        <translation>您的工作已安全保存在本机。请检查网络和地址；应用会一直重试。</translation>
    </message>
    <message>
        <source>This code does not work</source>
        <translation>这个代码无效</translation>
    </message>
    <message>
        <source>It is mistyped, used or expired. Ask your administrator for a new one.</source>
        <translation>代码输错了、已被使用或已过期。请向管理员要一个新的。</translation>
    </message>
    <message>
        <source>This device has no access any more</source>
        <translation>这台设备已没有访问权限</translation>
    </message>
    <message>
        <source>What you saved stays on this device. Ask your administrator to enrol it again.</source>
        <translation>您保存的内容仍在这台设备上。请让管理员重新登记这台设备。</translation>
    </message>
    <message>
        <source>This device is full</source>
        <translation>本机存储空间已满</translation>
    </message>
    <message>
        <source>Nothing was saved just now; all that was saved before is safe. Free some space and save again.</source>
        <translation>刚才的内容没有保存，之前保存的都安全。请腾出一些空间再保存。</translation>
    </message>
    <message>
        <source>Roadbook is already open</source>
        <translation>Roadbook 已经打开</translation>
    </message>
    <message>
        <source>Another window or program uses this data folder. Close it, then start again.</source>
        <translation>另一个窗口或程序正在使用这个数据文件夹。请先关闭它，再重新打开。</translation>
    </message>
    <message>
        <source>This data is from a newer version</source>
        <translation>这些数据来自更新的版本</translation>
    </message>
    <message>
        <source>It was not touched. Update the app to open it.</source>
        <translation>数据没有被改动。请更新应用后再打开。</translation>
    </message>
    <message>
        <source>The data on this device cannot be read</source>
        <translation>无法读取本机数据</translation>
    </message>
    <message>
        <source>What the server has is safe. Keep this device as it is and ask your administrator for help.</source>
        <translation>服务器上的内容是安全的。请保持这台设备不变，并联系管理员。</translation>
    </message>
    <message>
        <source>You may not change this</source>
        <translation>您无权修改此内容</translation>
    </message>
    <message>
        <source>Nothing was changed. Ask somebody who may, such as your manager.</source>
        <translation>没有任何改动。请找有权限的人，例如您的经理。</translation>
    </message>
    <message>
        <source>This value does not fit</source>
        <translation>这个值不符合要求</translation>
    </message>
    <message>
        <source>Nothing was saved yet. Correct the marked field.</source>
        <translation>还没有保存。请改正标出的字段。</translation>
    </message>
    <message>
        <source>This is no longer on this device</source>
        <translation>此内容已不在这台设备上</translation>
    </message>
    <message>
        <source>It was handed over or removed. What you saved before has been kept.</source>
        <translation>它已移交他人或被删除。您之前保存的内容都已保留。</translation>
    </message>
    <message>
        <source>Too much is waiting to be sent</source>
        <translation>等待发送的内容太多</translation>
    </message>
    <message>
        <source>All of it is safe. Sync once, then go on.</source>
        <translation>所有内容都安全。请先同步一次，再继续。</translation>
    </message>
    <message>
        <source>Something went wrong in the app</source>
        <translation>应用内部出错</translation>
    </message>
    <message>
        <source>What you saved before is safe. Try again; if it stays, show the details to your administrator.</source>
        <translation>之前保存的内容是安全的。请重试；如果仍然如此，请把详情给管理员看。</translation>
    </message>
    <message>
        <source>This device is locked</source>
        <translation>这台设备已锁定</translation>
    </message>
    <message>
        <source>All that you saved is safe. It needs its PIN, or a sync with the server if that has not been seen for too long.</source>
        <translation>您保存的内容都是安全的。请输入 PIN；如果很久没有连接服务器，请先同步。</translation>
    </message>
    <message>
        <source>What was not sent yet was handed over, and the records were erased here. Ask your administrator to enrol it again.</source>
        <translation>尚未发送的修改已移交，这里的记录已清除。请联系管理员重新注册这台设备。</translation>
    </message>
</context>
<context>
    <name>FieldWords</name>
    <message>
        <source>(empty)</source>
        <translation>（空）</translation>
    </message>
    <message>
        <source>Keep it, as edited</source>
        <translation>保留（含修改）</translation>
    </message>
    <message>
        <source>Taken out by one, edited by another</source>
        <translation>一人移除，另一人同时修改</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>Connect this device</source>
        <translation>连接这台设备</translation>
    </message>
    <message>
        <source>Your administrator gives you an address and a code. You need a network once; then you can work anywhere.</source>
        <translation>管理员会给您一个地址和一个代码。只需联网一次，之后随处都能工作。</translation>
    </message>
    <message>
        <source>Server address</source>
        <translation>服务器地址</translation>
    </message>
    <message>
        <source>One-time code</source>
        <translation>一次性代码</translation>
    </message>
    <message>
        <source>Server fingerprint, if you were given one</source>
        <translation>服务器指纹（如果管理员给了您）</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
</context>
<context>
    <name>Formats</name>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Tomorrow</source>
        <translation>明天</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>%n 分钟前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>%n 小时前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>%n 天前</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>ListRow</name>
    <message>
        <source>not sent yet</source>
        <translation>尚未发送</translation>
    </message>
    <message>
        <source>needs a decision</source>
        <translation>需要决定</translation>
    </message>
</context>
<context>
    <name>MorePage</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Roadbook %1</source>
        <translation>Roadbook %1</translation>
    </message>
    <message numerus="yes">
        <source>%n record(s) on this device, usable without a network</source>
        <translation>
            <numerusform>本机有 %n 条记录，没有网络也能使用</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecordSection</name>
    <message>
        <source>Show all %1</source>
        <translation>显示全部 %1 项</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>To decide</source>
        <translation>待决定</translation>
    </message>
    <message>
        <source>Shown until you decide</source>
        <translation>决定之前显示此值</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep %1 by %2</source>
        <translation>保留 %2 填写的 %1</translation>
    </message>
    <message>
        <source>All is decided</source>
        <translation>全部处理完毕</translation>
    </message>
    <message>
        <source>When people write different things into one field, it is listed here.</source>
        <translation>当几个人在同一字段填写了不同内容时，会列在这里。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Clear search</source>
        <translation>清除搜索</translation>
    </message>
</context>
<context>
    <name>SyncPage</name>
    <message>
        <source>Sync</source>
        <translation>同步</translation>
    </message>
    <message>
        <source>Sync now</source>
        <translation>立即同步</translation>
    </message>
    <message>
        <source>Edits have waited for more than three days</source>
        <translation>有修改已等待三天以上</translation>
    </message>
    <message>
        <source>They are safe as long as this device is. Find a network soon.</source>
        <translation>只要这台设备完好，它们就安全。请尽快连接网络。</translation>
    </message>
    <message numerus="yes">
        <source>%n field(s) need a decision</source>
        <translation>
            <numerusform>%n 个字段需要您决定</numerusform>
        </translation>
    </message>
    <message>
        <source>Several people wrote different things. Choose which holds.</source>
        <translation>几个人填写了不同的内容，请选择以哪个为准。</translation>
    </message>
    <message>
        <source>Waiting to be sent</source>
        <translation>等待发送</translation>
    </message>
    <message>
        <source>Refused by the server, kept here and there</source>
        <translation>服务器未接受，两边都已保留</translation>
    </message>
</context>
<context>
    <name>SyncPill</name>
    <message>
        <source>Sync: %1</source>
        <translation>同步：%1</translation>
    </message>
</context>
<context>
    <name>VisitPage</name>
    <message>
        <source>New visit</source>
        <translation>新建拜访</translation>
    </message>
    <message>
        <source>Visit</source>
        <translation>拜访</translation>
    </message>
    <message>
        <source>Saved on this device</source>
        <translation>已保存到本机</translation>
    </message>
    <message>
        <source>Saved, and on the server</source>
        <translation>已保存，服务器已收到</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>Save visit</source>
        <translation>保存拜访</translation>
    </message>
    <message>
        <source>Your draft is back</source>
        <translation>草稿已恢复</translation>
    </message>
    <message>
        <source>You left this form without saving. Nothing of it was lost.</source>
        <translation>您离开时没有保存，内容都还在。</translation>
    </message>
    <message>
        <source>What is it about?</source>
        <translation>这次拜访谈什么？</translation>
    </message>
    <message>
        <source>Choose a time</source>
        <translation>选择时间</translation>
    </message>
    <message>
        <source>No longer on this device</source>
        <translation>已不在这台设备上</translation>
    </message>
    <message>
        <source>This visit was handed over or removed. What you saved before has been kept.</source>
        <translation>这次拜访已移交他人或被删除。您之前保存的内容都已保留。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Draft kept. It is here when you come back.</source>
        <translation>草稿已保留，回来时还在。</translation>
    </message>
</context>
<context>
    <name>WhenSheet</name>
    <message>
        <source>Choose a time</source>
        <translation>选择时间</translation>
    </message>
    <message>
        <source>%1 o&apos;clock</source>
        <translation>%1 点</translation>
    </message>
    <message>
        <source>%1 minutes</source>
        <translation>%1 分</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>roadbook::viewmodels::AccountViewModel</name>
    <message>
        <source>Quote without a number</source>
        <translation>无编号报价单</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n 行明细</numerusform>
        </translation>
    </message>
    <message>
        <source>valid until %1</source>
        <translation>有效期至 %1</translation>
    </message>
    <message>
        <source>Order without a number</source>
        <translation>无编号订单</translation>
    </message>
</context>
<context>
    <name>roadbook::viewmodels::EnrolmentViewModel</name>
    <message>
        <source>Enter the address that you were given.</source>
        <translation>请输入管理员给您的地址。</translation>
    </message>
    <message>
        <source>Enter the code that you were given.</source>
        <translation>请输入管理员给您的代码。</translation>
    </message>
    <message>
        <source>A fingerprint is sha256: and 64 digits or letters a to f.</source>
        <translation>指纹的格式是 sha256: 加 64 位数字或字母 a 到 f。</translation>
    </message>
    <message>
        <source>This is no address of a server. It looks like wss://host or host:port.</source>
        <translation>这不是服务器地址。格式如 wss://主机 或 主机:端口。</translation>
    </message>
</context>
<context>
    <name>roadbook::viewmodels::SyncViewModel</name>
    <message>
        <source>Synced %1</source>
        <translation>%1已同步</translation>
    </message>
    <message>
        <source>Synced</source>
        <translation>已同步</translation>
    </message>
    <message numerus="yes">
        <source>%n to send</source>
        <translation>
            <numerusform>%n 项待发送</numerusform>
        </translation>
    </message>
    <message>
        <source>Syncing</source>
        <translation>正在同步</translation>
    </message>
    <message>
        <source>Syncing %1 of %2</source>
        <translation>正在同步 %1/%2</translation>
    </message>
    <message numerus="yes">
        <source>%n to review</source>
        <translation>
            <numerusform>%n 项待处理</numerusform>
        </translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message numerus="yes">
        <source>Offline · %n saved</source>
        <translation>
            <numerusform>离线 · 已存 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>Everything is on the server</source>
        <translation>全部内容都已在服务器上</translation>
    </message>
    <message numerus="yes">
        <source>%n edit(s) wait to be sent</source>
        <translation>
            <numerusform>%n 项修改等待发送</numerusform>
        </translation>
    </message>
    <message>
        <source>Exchanging edits with the server</source>
        <translation>正在与服务器交换修改</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) need a decision</source>
        <translation>
            <numerusform>%n 项需要您决定</numerusform>
        </translation>
    </message>
    <message>
        <source>No connection, and none is needed</source>
        <translation>没有网络，也不影响工作</translation>
    </message>
    <message>
        <source>New edits go out as you save them.</source>
        <translation>新的修改保存后立即发送。</translation>
    </message>
    <message>
        <source>They are saved on this device and go out by themselves.</source>
        <translation>它们已保存在本机，会自动发送。</translation>
    </message>
    <message>
        <source>You can go on working, or close the app: it continues where it stopped.</source>
        <translation>您可以继续工作或关闭应用：同步会从中断处继续。</translation>
    </message>
    <message>
        <source>Nobody&apos;s work is lost: every version is kept until you choose.</source>
        <translation>没有人的工作会丢失：在您选择之前，每个版本都会保留。</translation>
    </message>
    <message>
        <source>All you save is kept on this device and goes out when there is a network.</source>
        <translation>您保存的一切都留在本机，有网络时自动发送。</translation>
    </message>
    <message>
        <source>Not yet synced</source>
        <translation>尚未同步</translation>
    </message>
    <message>
        <source>Last synced %1</source>
        <translation>上次同步：%1</translation>
    </message>
</context>
<context>
    <name>roadbook::viewmodels::VisitViewModel</name>
    <message>
        <source>A visit needs a subject.</source>
        <translation>请填写拜访主题。</translation>
    </message>
</context>
</TS>
