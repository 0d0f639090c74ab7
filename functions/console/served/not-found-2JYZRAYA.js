<<<<<<<< HEAD:functions/console/served/not-found-YPJ2Q6KM.js
import{Fragment as t,jsx as o,jsxs as n}from"./main-ad4b471321.js";function e(){return n(t,{children:[o("h1",{children:"Page not found"}),o("p",{children:"Check the address, or go to the console."}),o("a",{class:"button full",href:"/console",children:"Go to the console"})]})}export{e as default};
========
import{Fragment as t,jsx as o,jsxs as n}from"./main-16b5c9bea8.js";function e(){return n(t,{children:[o("h1",{children:"Page not found"}),o("p",{children:"Check the address, or go to the console."}),o("a",{class:"button full",href:"/console",children:"Go to the console"})]})}export{e as default};
>>>>>>>> ddebe5edaee0288f58215fe31972b054c347466d:functions/console/served/not-found-2JYZRAYA.js
