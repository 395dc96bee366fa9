#include "report/chart/design.hpp"
#include "report/dress/assets.hpp"

namespace chipmix::report {
namespace {

constexpr const char* screen = R"(
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:var(--apart) var(--part);color:var(--ink);background:var(--paper);
 font:16px/1.45 system-ui,"Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;
 overflow-wrap:break-word}
h1{font-size:var(--title);line-height:1.2;margin:0}
h2{font-size:var(--large);margin:var(--chapter) 0 var(--near);border-bottom:2px solid var(--rule);
 padding-bottom:var(--tight)}
h3{font-size:var(--body);margin:var(--part) 0 var(--tight)}
h4{font-size:var(--body);margin:var(--apart) 0 var(--tight)}
p{margin:var(--near) 0;max-width:52rem}
a{color:var(--accent)}
header{display:flex;flex-wrap:wrap;gap:var(--near) var(--part);justify-content:space-between;align-items:flex-end;
 border-bottom:3px solid var(--ink);padding-bottom:var(--near)}
header>div{flex:1 1 20rem}
.kicker{margin:0;font-size:var(--small);text-transform:uppercase;letter-spacing:.06em;color:var(--soft)}
.imprint{display:flex;flex-wrap:wrap;gap:var(--tight) var(--apart);margin:0;font-size:var(--small)}
.imprint dt{color:var(--soft)}.imprint dd{margin:0;overflow-wrap:anywhere}
.question{font-size:var(--large);color:var(--soft);margin:var(--apart) 0 var(--near)}
.answer{font-size:var(--title);line-height:1.3;font-weight:600;margin:0 0 var(--near);max-width:none}
.firm{margin:0 0 var(--apart);max-width:none}
.headlines{display:flex;flex-wrap:wrap;gap:var(--near);margin:0}
.headlines>div{flex:1 1 11rem;border-top:3px solid var(--accent);background:var(--band);padding:var(--near)}
.headlines dt{font-size:var(--small);color:var(--soft)}
.headlines dd{margin:0;font-size:var(--figure);font-weight:600;line-height:1.2}
.headlines dd.note{font-size:var(--small);font-weight:400;color:var(--soft);line-height:1.35}
.basis{font-size:var(--small);color:var(--soft);line-height:1.35;margin:var(--near) 0 0;max-width:none}
.sides{display:flex;flex-wrap:wrap;gap:0 var(--part)}
.side{flex:1 1 24rem;min-width:0}
.side h2{font-size:var(--body);margin:var(--apart) 0 var(--tight);border:0;padding:0}
.side ol,.side ul{margin:0;padding-left:1.2rem}.side li{margin:0 0 var(--tight)}
.side figure{margin:var(--apart) 0 0}
nav ul{display:flex;flex-wrap:wrap;gap:var(--tight) var(--apart);list-style:none;padding:var(--near) 0 0;
 margin:var(--apart) 0 0;border-top:1px solid var(--rule)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);min-width:4rem}
td.words{min-width:9rem;max-width:28rem;overflow-wrap:anywhere}
th{font-weight:600;vertical-align:bottom}tbody tr:nth-child(even){background:var(--band)}
.number{text-align:right}td.number{white-space:nowrap}
th button{all:unset;cursor:pointer}th button:focus-visible{outline:2px solid var(--accent)}
th[aria-sort=ascending] button::after{content:" \2191"}
th[aria-sort=descending] button::after{content:" \2193"}
figure{margin:var(--part) 0}figcaption{color:var(--soft);margin-bottom:var(--tight);font-size:.9rem}
figcaption strong{color:var(--ink);display:block;font-size:var(--body)}
summary{color:var(--accent);cursor:pointer;width:fit-content;font-size:.9rem}
#appendix{margin-top:var(--chapter)}
#appendix>summary h2{display:inline-block;margin:0;border:0;color:var(--accent)}
svg{display:block;width:100%;height:auto}svg.phone{display:none}
svg text{font:13px system-ui,"Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;fill:var(--ink)}
svg text.strong{font-weight:700}
svg .axis{stroke:var(--ink);stroke-width:1.2}svg .grid{stroke:var(--rule)}
svg .thin,svg .leader{stroke:var(--soft);stroke-width:.7}svg .limit{stroke:var(--ink);stroke-width:3}
#tip{position:fixed;pointer-events:none;max-width:22rem;padding:.3rem .6rem;font-size:.85rem;z-index:1;
 color:var(--paper);background:var(--ink);border-radius:.25rem}
#what-if fieldset{border:1px solid var(--rule);margin:0 0 var(--apart);padding:var(--near) var(--apart)}
#what-if .levers,#what-if .results{flex:1 1 24rem;min-width:0}
#what-if label{display:grid;grid-template-columns:minmax(8rem,1fr) minmax(5rem,9rem) 6.5rem 4.5rem;align-items:center;
 gap:0 var(--near);font-size:.9rem;padding:var(--tight) 0}
#what-if input[type=range]{width:100%;min-width:0;accent-color:var(--accent)}
#what-if input[type=number]{width:100%;font:inherit;color:inherit;background:var(--paper);
 border:1px solid var(--soft);padding:.1rem .3rem;text-align:right}
#what-if .unit{color:var(--soft)}
#what-if button{font:inherit;color:var(--accent);background:none;border:1px solid var(--accent);border-radius:.25rem;
 padding:.2rem .8rem;margin-right:var(--near);cursor:pointer}
#what-if .bar{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 var(--near);margin:0 0 var(--near)}
#what-if .bar i{flex:0 0 100%;height:.9rem}
#what-if .bar i b{display:block;height:100%}
#what-if .decision{font-weight:600}
)";

constexpr const char* phone = R"(
@media(max-width:640px){
body{padding:var(--near) var(--apart)}
.answer{font-size:var(--large)}.headlines>div{flex:1 1 9rem}
.headlines dd{font-size:var(--title)}
svg.page{display:none}svg.phone{display:block;max-width:420px}
table.cards thead{position:absolute;clip-path:inset(50%);height:1px;width:1px;overflow:hidden}
table.cards tr{display:block;padding:var(--near) 0;border-bottom:1px solid var(--rule)}
table.cards td{display:flex;justify-content:space-between;gap:var(--apart);text-align:right;border:0;
 padding:.1rem var(--near);min-width:0;max-width:none;white-space:normal;overflow-wrap:anywhere}
table.cards td::before{content:attr(data-h);color:var(--soft);text-align:left;flex:0 0 auto;max-width:55%}
table.cards td:first-child{font-weight:600;text-align:left}
table.cards td:first-child::before{content:none}
table.cards td:empty{display:none}
#what-if label{grid-template-columns:1fr 6.5rem 4.5rem}#what-if label>span:first-child{grid-column:1/-1}
.scroll{background:linear-gradient(to right,transparent 85%,var(--rule)) right/2rem 100% no-repeat}
.scroll:has(.cards){background:none}
}
)";

constexpr const char* paper = R"(
@page{margin:14mm 14mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt;color:#444}
 @bottom-left{content:"chipmix";font-size:8pt;color:#444}}
@media print{
body{max-width:none;padding:0;font-size:9pt}html{font-size:9pt}
nav,summary,#what-if{display:none}
#decision{break-after:page}
#appendix{break-before:page;margin:0}#appendix>summary{display:block}#appendix>summary h2{color:var(--ink)}
#appendix::details-content{content-visibility:visible;display:block}
figure,tr,.headlines>div{break-inside:avoid}h2,h3,h4,figcaption{break-after:avoid}
thead{display:table-header-group}
figure{margin:var(--near) 0}h2{margin:var(--apart) 0 var(--tight)}h3{margin:var(--near) 0 0}
p{max-width:none}section>p{break-after:avoid}
.scroll{overflow:visible}table{font-size:7pt}th,td{padding:.15rem .3rem;min-width:0}
td.words{min-width:0;max-width:none}td.number{white-space:normal}
section[id^=c] td.number{white-space:nowrap}.side figure{max-width:75%}
.side{flex:1 1 100%}.headlines>div{flex:1 1 16%}.headlines dd{font-size:var(--large)}
svg.page{display:block}svg.phone{display:none}
}
)";

}  // namespace

std::string page_style() {
  std::string out = ":root{color-scheme:light dark;" + design::scales() + design::properties(design::light) + "}";
  out += "@media(prefers-color-scheme:dark){:root{" + design::properties(design::dark) + "}}";
  out += screen;
  out += phone;
  out += "@media print{:root{color-scheme:light;" + design::properties(design::print) + "}}";
  return out + paper;
}

}  // namespace chipmix::report
