<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="en">
<context>
    <name>Formats</name>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>%n min ago</numerusform>
            <numerusform>%n min ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>%n h ago</numerusform>
            <numerusform>%n h ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>%n day ago</numerusform>
            <numerusform>%n days ago</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MorePage</name>
    <message numerus="yes">
        <source>%n record(s) on this device, usable without a network</source>
        <translation>
            <numerusform>%n record on this device, usable without a network</numerusform>
            <numerusform>%n records on this device, usable without a network</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SyncPage</name>
    <message numerus="yes">
        <source>%n field(s) need a decision</source>
        <translation>
            <numerusform>%n field needs a decision</numerusform>
            <numerusform>%n fields need a decision</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>roadbook::viewmodels::AccountViewModel</name>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>roadbook::viewmodels::SyncViewModel</name>
    <message numerus="yes">
        <source>%n to send</source>
        <translation>
            <numerusform>%n to send</numerusform>
            <numerusform>%n to send</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n to review</source>
        <translation>
            <numerusform>%n to review</numerusform>
            <numerusform>%n to review</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Offline · %n saved</source>
        <translation>
            <numerusform>Offline · %n saved</numerusform>
            <numerusform>Offline · %n saved</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n edit(s) wait to be sent</source>
        <translation>
            <numerusform>%n edit waits to be sent</numerusform>
            <numerusform>%n edits wait to be sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) need a decision</source>
        <translation>
            <numerusform>%n thing needs a decision</numerusform>
            <numerusform>%n things need a decision</numerusform>
        </translation>
    </message>
</context>
</TS>
