<<<<<<<< HEAD:functions/console/served/part-XUQHU62L.js
import{useQuestion as o}from"./main-19e061009c.js";function t(n){let e=o({...n,filters:[],segments:[],conversion:""},{metrics:["events"],dimensions:["event"],limit:200,compare:"NONE"});return{...e,names:e.answer?.rows.map(({keys:s})=>s[0]??"").filter(Boolean)??[]}}export{t as a};
========
import{useQuestion as o}from"./main-9a43f833c3.js";function t(n){let e=o({...n,filters:[],segments:[],conversion:""},{metrics:["events"],dimensions:["event"],limit:200,compare:"NONE"});return{...e,names:e.answer?.rows.map(({keys:s})=>s[0]??"").filter(Boolean)??[]}}export{t as a};
>>>>>>>> 879a5ff16f23d328411b0dcf3d5a50de2e9cdf74:functions/console/served/part-DWAWQN3Z.js
