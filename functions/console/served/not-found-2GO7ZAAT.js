<<<<<<<< HEAD:functions/console/served/not-found-2GO7ZAAT.js
import{Fragment as t,jsx as o,jsxs as n}from"./main-9e565d05cf.js";function e(){return n(t,{children:[o("h1",{children:"Page not found"}),o("p",{children:"Check the address, or go to the console."}),o("a",{class:"button full",href:"/console",children:"Go to the console"})]})}export{e as default};
========
import{Fragment as t,jsx as o,jsxs as n}from"./main-e07cbf275e.js";function e(){return n(t,{children:[o("h1",{children:"Page not found"}),o("p",{children:"Check the address, or go to the console."}),o("a",{class:"button full",href:"/console",children:"Go to the console"})]})}export{e as default};
>>>>>>>> origin/main:functions/console/served/not-found-7SU3LXD5.js
