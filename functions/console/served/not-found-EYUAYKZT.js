<<<<<<<< HEAD:functions/console/served/not-found-EYUAYKZT.js
import{Fragment as t,jsx as o,jsxs as n}from"./main-19e061009c.js";function e(){return n(t,{children:[o("h1",{children:"Page not found"}),o("p",{children:"Check the address, or go to the console."}),o("a",{class:"button full",href:"/console",children:"Go to the console"})]})}export{e as default};
========
import{Fragment as t,jsx as o,jsxs as n}from"./main-9a43f833c3.js";function e(){return n(t,{children:[o("h1",{children:"Page not found"}),o("p",{children:"Check the address, or go to the console."}),o("a",{class:"button full",href:"/console",children:"Go to the console"})]})}export{e as default};
>>>>>>>> 879a5ff16f23d328411b0dcf3d5a50de2e9cdf74:functions/console/served/not-found-YK6AMSXT.js
